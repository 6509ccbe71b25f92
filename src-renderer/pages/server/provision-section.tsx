import { useEffect } from "react";
import type { Server } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { followRun, readPlan } from "./actions.ts";
import { PlanView } from "./plan-view.tsx";
import { RunView } from "./run-view.tsx";
import { useProvisioning } from "./store.ts";

interface ProvisionSectionProps {
  readonly server: Server;
  readonly online: boolean;
}

/** The plan for a server, and the run that makes it true. */
export function ProvisionSection({ server, online }: ProvisionSectionProps) {
  const { plan, run, isRunSeen } = useProvisioning(server.id);
  useEffect(() => {
    void followRun(server.id);
  }, [server.id]);
  useEffect(() => {
    if (online) void readPlan(server.id);
  }, [server.id, online]);

  if (run.seq > 0 && !isRunSeen) {
    return (
      <Section title="Provisioning">
        <RunView server={server} run={run} online={online} />
      </Section>
    );
  }
  return (
    <Section title="Provisioning">
      {plan.state === "ready" && <PlanView server={server} plan={plan.plan} online={online} />}
      {plan.state === "failed" && <ErrorCard error={plan.error} actions={{ retry: () => void readPlan(server.id) }} />}
      {plan.state === "reading" && <Skeleton label={`Reading ${server.name}`} lines={5} />}
      {plan.state === "none" && <p className="text-dim">The plan is read when the server is connected.</p>}
    </Section>
  );
}
