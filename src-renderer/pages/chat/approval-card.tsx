import { durationText } from "../../../contract/duration-text.ts";
import type { Approval } from "../../../contract/approvals.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { useSeen } from "../../servers/attention.ts";
import { answerApproval, type Answer } from "../../team/actions.ts";
import { patternText } from "../../team/pattern-text.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { Button } from "../../ui/button.tsx";
import { StateMark, type Mark } from "../../ui/state-mark.tsx";
import { Tip } from "../../ui/tip.tsx";
import { Ago, useNow } from "../../ui/time.tsx";

interface ApprovalCardProps {
  readonly serverId: string;
  readonly approval: Approval;
  /** Whether an answer can reach the team at the moment. */
  readonly online: boolean;
}

const HOUR_MINUTES = 60;

const ENDED: Record<Exclude<Approval["state"], "open">, { mark: Mark; word: string }> = {
  allowed: { mark: "ok", word: "allowed once" },
  denied: { mark: "failed", word: "denied" },
  expired: { mark: "stopped", word: "not answered in time" },
};

/** An agent's question before one exact action. */
export function ApprovalCard({ serverId, approval, online }: ApprovalCardProps) {
  if (approval.state !== "open") return <Answered approval={approval} state={approval.state} />;
  return <Open serverId={serverId} approval={approval} online={online} />;
}

function Open({ serverId, approval, online }: ApprovalCardProps) {
  const { busy, error, run } = useCall();
  const card = useSeen<HTMLElement>(serverId, approval.id);
  const isLoop = approval.repeats !== undefined;
  const answer = (given: Answer) => void run(() => answerApproval(serverId, approval, given));
  return (
    <section
      ref={card}
      id={`approval-${approval.id}`}
      tabIndex={-1}
      aria-label={`${AGENT_LABELS[approval.agent]} asks`}
      className="card overflow-hidden border-[color-mix(in_oklab,var(--wait)_55%,var(--line))]"
    >
      <Head approval={approval} />
      <pre className="border-y border-line bg-code px-3 py-2.5 font-mono text-[12.5px] leading-[1.6] whitespace-pre-wrap wrap-anywhere">
        {approval.action}
      </pre>
      {approval.destructive && (
        <p className="border-b border-line px-3 py-2 text-small text-bad">
          Destroys {approval.destructive.kind}: {approval.destructive.targets.join(", ")}.{" "}
          <span className="text-dim">A snapshot is taken first.</span>
        </p>
      )}
      {error && (
        <div className="px-3 pt-3">
          <ErrorCard error={error} />
        </div>
      )}
      <p className="px-3 pt-2.5 text-dim wrap-anywhere first-letter:uppercase">{approval.reason}</p>
      <footer className="flex flex-wrap items-center justify-end gap-2 px-3 py-2">
        <Button look="quiet" disabled={!online || busy} onClick={() => answer({ allow: false })}>
          {isLoop ? "Stop the task" : "Deny"}
        </Button>
        {approval.grantable.length > 0 && (
          <Tip text={`Without asking for the next hour: ${approval.grantable.map(patternText).join(", ")}`}>
            <Button disabled={!online || busy} onClick={() => answer({ allow: true, forMinutes: HOUR_MINUTES })}>
              Allow for 1 hour
            </Button>
          </Tip>
        )}
        <Button look="primary" disabled={!online} busy={busy} onClick={() => answer({ allow: true })}>
          {isLoop ? "Let it go on" : "Allow once"}
        </Button>
      </footer>
    </section>
  );
}

function Head({ approval }: { readonly approval: Approval }) {
  const left = Date.parse(approval.expiresAt) - useNow(1000);
  return (
    <header className="flex items-center gap-2.5 px-3 py-2">
      <StateMark mark="needs_you" label="Needs you" />
      <h2 className="min-w-0 flex-1">{headline(approval)}</h2>
      {left > 0 && <span className="text-small text-faint tabular-nums">expires in {durationText(left)}</span>}
    </header>
  );
}

function headline({ agent, repeats }: Approval): string {
  if (repeats === undefined) return `${AGENT_LABELS[agent]} asks to do this once`;
  return `${AGENT_LABELS[agent]} has done this ${repeats} times and gets no further`;
}

interface AnsweredProps {
  readonly approval: Approval;
  readonly state: keyof typeof ENDED;
}

function Answered({ approval, state }: AnsweredProps) {
  return (
    <p className="flex min-h-8 items-center gap-2.5 rounded-card border border-line px-3 text-small text-dim">
      <StateMark mark={ENDED[state].mark} />
      <span className="min-w-0 flex-1 truncate">
        {AGENT_LABELS[approval.agent]} asked: <span className="font-mono">{approval.action}</span>
      </span>
      <span className="shrink-0">
        {ENDED[state].word} {approval.answeredAt && <Ago at={approval.answeredAt} />}
      </span>
    </p>
  );
}
