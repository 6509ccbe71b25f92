import { History } from "lucide-react";
import { toast } from "sonner";
import { sizeText } from "../../contract/size-text.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import { ErrorCard } from "../errors/error-card.tsx";
import { pageError } from "../errors/page-error.ts";
import { useCall } from "../errors/use-call.ts";
import { Button } from "../ui/button.tsx";
import { StateMark, type Mark } from "../ui/state-mark.tsx";
import { Ago } from "../ui/time.tsx";
import { restoreSnapshot } from "./actions.ts";
import { AGENT_LABELS } from "./situation.ts";
import { readTeam } from "./store.ts";

interface RowsProps {
  readonly serverId: string;
  readonly snapshots: readonly Snapshot[];
  /** Whether the team can be reached at the moment. */
  readonly online: boolean;
  readonly onOpenTask?: (taskId: string) => void;
}

const MARKS: Record<Snapshot["state"], Mark> = {
  taking: "working",
  kept: "ok",
  empty: "idle",
  failed: "failed",
  restoring: "working",
  dropped: "stopped",
};

const WORDS: Record<Snapshot["state"], string> = {
  taking: "being taken",
  kept: "kept",
  empty: "nothing to keep",
  failed: "could not be taken",
  restoring: "being restored",
  dropped: "made room for newer ones",
};

/** What was kept, newest first, each with the way back. */
export function SnapshotRows({ snapshots, ...parts }: RowsProps) {
  return (
    <ul className="card divide-y divide-line overflow-hidden">
      {snapshots.map((snapshot) => (
        <li key={snapshot.id}>
          <Row snapshot={snapshot} {...parts} />
        </li>
      ))}
    </ul>
  );
}

type RowProps = Omit<RowsProps, "snapshots"> & { readonly snapshot: Snapshot };

function Row({ serverId, snapshot, online, onOpenTask }: RowProps) {
  const { error, busy, run } = useCall();
  const { id, state, targets, taskId } = snapshot;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2 px-3 py-2.5">
      <div className="flex min-w-60 flex-1 items-start gap-2.5">
        <span className="pt-1.5">
          <StateMark mark={MARKS[state]} />
        </span>
        <About snapshot={snapshot} />
      </div>
      {taskId !== null && onOpenTask && (
        <Button size="small" look="quiet" onClick={() => onOpenTask(taskId)}>
          Show the task
        </Button>
      )}
      {(state === "kept" || state === "restoring") && (
        <Button
          size="small"
          busy={busy || state === "restoring"}
          disabled={!online}
          aria-label={`Restore ${targets.join(", ")}`}
          onClick={() => void run(() => restore(serverId, id))}
        >
          <History className="icon size-3.5" aria-hidden />
          Restore
        </Button>
      )}
      {error && (
        <div className="w-full">
          <ErrorCard error={error} actions={{ retry: () => void run(() => restore(serverId, id)) }} />
        </div>
      )}
    </div>
  );
}

function About({ snapshot }: Pick<RowProps, "snapshot">) {
  const { agent, kind, bytes, createdAt, restoredAt, restoredBy, beforeRestoreOf } = snapshot;
  return (
    <div className="min-w-0 flex-1">
      <p className="font-strong wrap-anywhere">{held(snapshot)}</p>
      <p className="text-small text-dim wrap-anywhere">
        {beforeRestoreOf ? "Before " : "Before: "}
        <span className={beforeRestoreOf ? "" : "font-mono"}>{snapshot.action}</span>
      </p>
      <p className="flex flex-wrap gap-x-3 text-small text-faint">
        <span>{WORDS[snapshot.state]}</span>
        {agent && <span>{AGENT_LABELS[agent]}</span>}
        {kind !== "root" && <span>{sizeText(bytes)}</span>}
        <Ago at={createdAt} />
        {restoredAt && (
          <span>
            restored <Ago at={restoredAt} /> by {restoredBy}
          </span>
        )}
      </p>
      {snapshot.error && (
        <p className="text-small text-bad wrap-anywhere">
          {snapshot.state === "failed" ? "Why: " : "The last restore failed: "}
          {snapshot.error.message}
        </p>
      )}
    </div>
  );
}

function held({ targets, kind, state }: Snapshot): string {
  if (targets.length === 0) return state === "failed" ? "Nothing was kept, and nothing was done" : "…";
  if (targets.includes("*")) return "The whole database of the workspace";
  const [first = "", ...others] = targets;
  const name = kind === "database" ? `Table ${first}` : first;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

/** What was there before has been kept too, so the restore can be taken back instead of being asked about. */
async function restore(serverId: string, id: string): Promise<void> {
  const restored = await restoreSnapshot(serverId, id);
  const before = newestBefore(serverId, id);
  toast.success(`Restored ${restored.targets.join(", ")}`, {
    duration: 10_000,
    ...(before && { action: { label: "Undo", onClick: () => void undo(serverId, before.id) } }),
  });
}

async function undo(serverId: string, id: string): Promise<void> {
  try {
    await restoreSnapshot(serverId, id);
    toast.success("What was there before is back");
  } catch (error) {
    toast.error(pageError(error).message);
  }
}

function newestBefore(serverId: string, id: string): Snapshot | undefined {
  return Object.values(readTeam(serverId).snapshots)
    .filter(({ beforeRestoreOf, state }) => beforeRestoreOf === id && state === "kept")
    .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt))[0];
}
