import { Avatar } from "../../team/avatar.tsx";
import { AGENT_LABELS } from "../../team/situation.ts";
import { dollars } from "../../team/spend.ts";
import type { AgentSum } from "./sums.ts";

/** What each agent cost, as long as its bar. */
export function AgentBars({ sums }: { readonly sums: readonly AgentSum[] }) {
  const most = Math.max(...sums.map(({ usd }) => usd), Number.MIN_VALUE);
  return (
    <ul className="flex flex-col gap-2.5">
      {sums.map(({ agent, usd, today, requests }) => (
        <li key={agent} className="flex flex-col gap-1">
          <div className="flex items-center gap-2">
            <Avatar agent={agent} />
            <span className="font-strong">{AGENT_LABELS[agent]}</span>
            <span className="min-w-0 flex-1 truncate text-small text-faint">
              {requests} {requests === 1 ? "request" : "requests"} · {dollars(today)} today
            </span>
            <span className="tabular-nums">{dollars(usd)}</span>
          </div>
          <div aria-hidden className="h-1 overflow-hidden rounded-full bg-line">
            <div className="h-full rounded-full bg-accent" style={{ width: `${(usd / most) * 100}%` }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
