import type { AgentStatus } from "../../contract/agents.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { useCall } from "../errors/use-call.ts";
import { useSeen } from "../servers/attention.ts";
import { Button } from "../ui/button.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { Ago } from "../ui/time.tsx";
import { keepAgentStopped, startAgent } from "./actions.ts";
import { AGENT_LABELS } from "./situation.ts";
import { useTeam } from "./store.ts";

interface HoldCardProps {
  readonly serverId: string;
  readonly agent: AgentStatus;
}

/** Asks what is to become of an agent whose console only crashed; one that is kept stopped can be started. */
export function HoldCard({ serverId, agent: { name, hold } }: HoldCardProps) {
  const online = useTeam((team) => team.live === "live");
  const { busy, error, run } = useCall();
  const card = useSeen<HTMLElement>(serverId, name);
  if (!hold) return null;
  return (
    <section ref={card} aria-label={`${AGENT_LABELS[name]} was stopped`} className="flex flex-col gap-2 px-4 py-2.5">
      <div className="flex items-start gap-2.5">
        <span className="pt-1.5">
          <StateMark mark={hold.kept ? "stopped" : "needs_you"} label={hold.kept ? "Stopped" : "Needs you"} />
        </span>
        <p className="min-w-0 flex-1 wrap-anywhere">
          <strong className="font-strong">{AGENT_LABELS[name]} was stopped</strong> <Ago at={hold.since} />.{" "}
          <span className="text-dim">{hold.reason} Its tasks wait.</span>
        </p>
      </div>
      {error && <ErrorCard error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        {!hold.kept && (
          <Button
            size="small"
            disabled={!online || busy}
            onClick={() => void run(() => keepAgentStopped(serverId, name))}
          >
            Keep stopped
          </Button>
        )}
        <Button
          size="small"
          look="primary"
          disabled={!online}
          busy={busy}
          onClick={() => void run(() => startAgent(serverId, name))}
        >
          Start again
        </Button>
      </div>
    </section>
  );
}
