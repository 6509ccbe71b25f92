import { durationText } from "../../../contract/duration-text.ts";
import { CircleCheck } from "lucide-react";
import type { Server } from "../../../contract/servers.ts";
import { go } from "../../app/navigation.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { cancelRun, checkAgain, startRun } from "./actions.ts";
import { Log } from "./log.tsx";
import { isRunning, onceWished, runProgress, runTook, type Run } from "./run.ts";
import { SaveSummary } from "./save-summary.tsx";
import { StepList } from "./step-list.tsx";
import { useProvisioning } from "./store.ts";

interface RunViewProps {
  readonly server: Server;
  readonly run: Run;
  readonly online: boolean;
}

/** A run as it goes, and what became of it. */
export function RunView({ server, run, online }: RunViewProps) {
  return (
    <>
      {isRunning(run) ? (
        <Going server={server} run={run} online={online} />
      ) : (
        <Ended server={server} run={run} online={online} />
      )}
      {run.plan && <StepList plan={run.plan} run={run} />}
      {run.log.length > 0 && <Log lines={run.log} />}
    </>
  );
}

function Going({ server, run, online }: RunViewProps) {
  const cancel = useCall();
  const { stopping } = useProvisioning(server.id);
  const current = run.plan?.steps.filter((step) => run.steps[step.id]?.state === "running") ?? [];
  const doing = current.map((step) => step.title).join(" · ");
  const ended = Object.values(run.steps).filter((step) => step.state !== "running").length;
  return (
    <div className="card flex flex-col gap-2.5 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 flex-1">
          <span className="font-heavy">{doing || `Working on ${server.name}`}</span>
          <span className="text-dim">
            {run.plan && ` · ${ended} of ${run.plan.steps.length} steps`}
            {stopping && " · stops as soon as nothing is left half done"}
            {run.leader && ` · started by ${run.leader.who}, watched from here`}
            {!online && " · the connection is away; the server goes on by itself"}
          </span>
        </p>
        <Button size="small" busy={cancel.busy || stopping} onClick={() => void cancel.run(() => cancelRun(server.id))}>
          {stopping ? "Stopping" : "Stop"}
        </Button>
      </div>
      <div className="flex">
        <ProgressBar label={`Provisioning ${server.name}`} done={runProgress(run)} />
      </div>
      {cancel.error && <ErrorCard error={cancel.error} />}
    </div>
  );
}

function Ended({ server, run, online }: RunViewProps) {
  const again = useCall();
  if (!run.result) return null;
  const retry = () => void again.run(() => startRun(server.id, onceWished(run)));
  if (!run.result.ok) {
    const error = again.error ?? failureOf(run);
    return (
      <>
        <ErrorCard error={error} busy={again.busy} />
        <div className="flex flex-wrap items-center gap-3">
          <Button look="primary" busy={again.busy} disabled={!online} onClick={retry}>
            Go on with {server.name}
          </Button>
          <p className="min-w-0 flex-1 text-dim">What is done stays done. The run goes on {whereOf(run)}.</p>
        </div>
      </>
    );
  }
  const { changed } = run.result;
  return (
    <div className="card flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <CircleCheck className="size-5 text-ok" strokeWidth={1.7} aria-hidden />
      <p role="status" className="min-w-0 flex-1">
        <span className="font-heavy">
          {changed === 0 ? `Nothing to change on ${server.name}.` : `${server.name} is ready.`}
        </span>{" "}
        <span className="text-dim">
          {changed} of {run.result.steps.length} steps changed something, in {durationText(runTook(run))}.
        </span>
      </p>
      <Button size="small" disabled={!online} onClick={() => void checkAgain(server.id)}>
        Check again
      </Button>
      {server.provisioned && <SaveSummary server={server} />}
      {server.provisioned && (
        <Button size="small" look="primary" onClick={() => go("chat")}>
          Talk to the team
        </Button>
      )}
    </div>
  );
}

function whereOf({ plan, steps }: Run): string {
  const failed = plan?.steps.find(({ id }) => steps[id]?.state === "failed");
  return failed ? `at ${failed.title}` : "where it stopped";
}

function failureOf(run: Run) {
  const failed = Object.values(run.steps).find((step) => step.state === "failed");
  const stepError = failed && "error" in failed ? failed.error : null;
  return (
    stepError ?? run.result?.error ?? { code: "app.cancelled" as const, message: "The run was stopped before its end." }
  );
}
