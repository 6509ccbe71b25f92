import { findDrift } from "../../../contract/provision.ts";
import type { ServerOverview } from "../../../contract/server-overview.ts";
import type { Server } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Button } from "../../ui/button.tsx";
import { startRun } from "./actions.ts";
import { updatesWords } from "./overview-words.ts";
import { isRunning } from "./run.ts";
import { useProvisioning } from "./store.ts";

interface InstallUpdatesProps {
  readonly server: Server;
  readonly packages: ServerOverview["packages"];
  readonly online: boolean;
}

/** Starts a run that installs them; it is shown where the plan was. */
export function InstallUpdates({ server, packages, online }: InstallUpdatesProps) {
  const { plan, run, starting } = useProvisioning(server.id);
  const call = useCall();
  if (packages.updates === 0) return null;
  const isReady = online && plan.state === "ready" && plan.plan.blockers.length === 0 && !isRunning(run);
  const hasDrift = plan.state === "ready" && findDrift(plan.plan).length > 0;
  const start = () => void call.run(() => startRun(server.id, { packageUpdates: true }));
  return (
    <>
      <Button className="self-start" size="small" busy={call.busy || starting} disabled={!isReady} onClick={start}>
        Install {updatesWords(packages.updates)}
      </Button>
      <p className="text-small text-faint">
        Packages restart their services as usual. {hasDrift && "What differs above is set right in the same run."}
      </p>
      {call.error && <ErrorCard error={call.error} actions={{ retry: start }} />}
    </>
  );
}
