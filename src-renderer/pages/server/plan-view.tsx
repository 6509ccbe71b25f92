import { CircleCheck } from "lucide-react";
import { findDrift, type Plan } from "../../../contract/provision.ts";
import type { Server } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Button } from "../../ui/button.tsx";
import { Folded } from "../../ui/folded.tsx";
import { readPlan, startRun } from "./actions.ts";
import { PreflightCard } from "./preflight-card.tsx";
import { NO_RUN } from "./run.ts";
import { StepList } from "./step-list.tsx";
import { useProvisioning } from "./store.ts";
import { SudoPassword } from "./sudo-password.tsx";

interface PlanViewProps {
  readonly server: Server;
  readonly plan: Plan;
  readonly online: boolean;
}

/** What would change on a server, and the button that changes it. */
export function PlanView({ server, plan, online }: PlanViewProps) {
  const { starting } = useProvisioning(server.id);
  const call = useCall();
  const start = () => void call.run(() => startRun(server.id));
  const asksPassword = plan.blockers.some(({ code }) => code.startsWith("provision.sudo_password_"));
  const button = {
    busy: call.busy || starting,
    disabled: !online || plan.blockers.length > 0,
    onClick: start,
  };
  const isFresh = server.provisioned === null;
  return (
    <>
      {asksPassword && <SudoPassword serverId={server.id} user={plan.facts.user} />}
      {plan.blockers
        .filter((blocker) => blocker.code !== "provision.sudo_password_needed")
        .map((blocker) => (
          <ErrorCard
            key={`${blocker.code} ${blocker.message}`}
            error={blocker}
            actions={{ retry: () => void readPlan(server.id) }}
          />
        ))}
      {call.error && <ErrorCard error={call.error} actions={{ retry: start }} />}
      {isFresh ? (
        <FirstPlan server={server} plan={plan} button={button} />
      ) : (
        <Drift server={server} plan={plan} button={button} />
      )}
    </>
  );
}

interface PlanProps {
  readonly server: Server;
  readonly plan: Plan;
  readonly button: { readonly busy: boolean; readonly disabled: boolean; readonly onClick: () => void };
}

function FirstPlan({ server, plan, button }: PlanProps) {
  const needed = findDrift(plan).length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="primary" {...button}>
          {needed > 0 ? `Provision ${server.name}` : `Use the team on ${server.name}`}
        </Button>
        <p className="min-w-0 text-dim">
          {needed > 0
            ? `${needed} of ${plan.steps.length} steps to do. Open a step to see exactly what it changes.`
            : "The team is installed already. It is checked once; nothing changes."}
        </p>
      </div>
      <PreflightCard plan={plan} />
      <StepList plan={plan} run={NO_RUN} />
    </>
  );
}

/** Of a provisioned server, what is not as it should be; the rest is folded. */
function Drift({ server, plan, button }: PlanProps) {
  const drift = findDrift(plan);
  const others = plan.steps.filter(({ state }) => state === "satisfied");
  return (
    <>
      {drift.length === 0 ? (
        <p className="flex items-center gap-2 text-dim">
          <CircleCheck className="icon text-ok" aria-hidden />
          Nothing to change. {server.name} is as it should be.
        </p>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button look="primary" {...button}>
              Update {server.name}
            </Button>
            <p className="min-w-0 flex-1 text-dim">
              {drift.length === 1 ? "1 step is" : `${drift.length} steps are`} not as this app would leave it. An update
              changes these lines and nothing else.
            </p>
          </div>
          <StepList plan={{ ...plan, steps: drift }} run={NO_RUN} isOpen />
        </>
      )}
      {others.length > 0 && (
        <Folded
          summary={others.length === 1 ? "1 step is as it should be" : `${others.length} steps are as they should be`}
        >
          <StepList plan={{ ...plan, steps: others }} run={NO_RUN} />
        </Folded>
      )}
    </>
  );
}
