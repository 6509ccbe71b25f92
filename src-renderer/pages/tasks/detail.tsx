import { ArrowLeft, Route, SquareTerminal } from "lucide-react";
import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Snapshot } from "../../../contract/snapshots.ts";
import type { Task, ToolCall } from "../../../contract/tasks.ts";
import { go } from "../../app/navigation.ts";
import { openTerminal } from "../../app/preferences.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { cancelTask, loadSnapshots, loadTask, pauseTask, resumeTask } from "../../team/actions.ts";
import { Calls } from "../../team/calls.tsx";
import { RestCard } from "../../team/rest-card.tsx";
import { AGENT_LABELS, isActive, TASK_WORDS } from "../../team/situation.ts";
import { SnapshotRows } from "../../team/snapshot-rows.tsx";
import { dollars } from "../../team/spend.ts";
import type { Team } from "../../team/state.ts";
import { useTeam } from "../../team/store.ts";
import { useLoadWhenLive } from "../../team/use-load-when-live.ts";
import { TASK_MARKS } from "../../team/task-marks.ts";
import { taskTitle } from "../../team/task-title.ts";
import { Button } from "../../ui/button.tsx";
import { Folded, Output } from "../../ui/folded.tsx";
import { LazyMarkdown } from "../../ui/lazy-markdown.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Ago, Duration } from "../../ui/time.tsx";
import { exchangeOf } from "./exchange.ts";
import { ExchangeView } from "./exchange-view.tsx";
import { Steering } from "./steering.tsx";
import { RunView } from "./run-view.tsx";

interface TaskDetailProps {
  readonly serverId: string;
  readonly id: string;
}

/** One task whole: what was asked, what was done, what came of it. */
export function TaskDetail({ serverId, id }: TaskDetailProps) {
  const task = useTeam((team) => team.tasks[id]);
  const { busy, error, run } = useCall();
  const load = () => run(() => loadTask(serverId, id));
  const loadAll = () => {
    void load();
    // A daemon of an older version has none.
    void loadSnapshots(serverId).catch(() => undefined);
  };
  useLoadWhenLive(loadAll, `${serverId} ${id}`);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[860px] flex-col gap-5 px-6 pt-4 pb-10 max-phone:px-4">
        <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => go("tasks")}>
          <ArrowLeft className="icon" aria-hidden />
          All tasks
        </Button>
        {error && <ErrorCard error={error} actions={{ retry: () => void load() }} />}
        {!task && busy && <Skeleton label="Reading the task" lines={5} />}
        {task && <Whole serverId={serverId} task={task} />}
      </div>
    </div>
  );
}

function Whole({ serverId, task }: { readonly serverId: string; readonly task: Task }) {
  const calls = useTeam(useShallow((team) => Object.values(team.calls).filter((call) => call.taskId === task.id)));
  const run = useTeam((team) => team.runs[task.id]);
  const children = useTeam(
    useShallow((team) => Object.values(team.tasks).filter((other) => other.parentId === task.id)),
  );
  const tree = useTeam(useShallow((team) => treeIds(team.tasks, task.id)));
  const messages = useTeam(useShallow((team) => Object.values(team.teamMessages)));
  const exchange = useMemo(
    () => exchangeOf(messages.filter(({ payload }) => tree.includes(payload.task_id ?? ""))),
    [messages, tree],
  );
  return (
    <>
      <Head serverId={serverId} task={task} />
      <Hindrance task={task} />
      {task.phase !== null && <Told task={task} />}
      {isActive(task.state) && task.state !== "queued" && !run && <Steering serverId={serverId} task={task} />}
      {run && <RunView run={run} />}
      {exchange.arrows.length > 0 && (
        <Part title="Who told whom">
          <ExchangeView exchange={exchange} />
        </Part>
      )}
      {children.length > 0 && (
        <Part title="Handed on">
          <ul className="card divide-y divide-line overflow-hidden">
            {children.map((child) => (
              <li key={child.id}>
                <Child task={child} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {calls.length > 0 && <ToolCalls calls={calls} />}
      <KeptBefore serverId={serverId} taskId={task.id} />
      {task.result && (
        <Part title="Result">
          <LazyMarkdown text={task.result} />
        </Part>
      )}
    </>
  );
}

function ToolCalls({ calls }: { readonly calls: readonly ToolCall[] }) {
  return (
    <Part title={`Tool calls (${calls.length})`}>
      <div className="card overflow-hidden">
        <Calls calls={calls.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))} />
      </div>
    </Part>
  );
}

function KeptBefore({ serverId, taskId }: { readonly serverId: string; readonly taskId: string }) {
  const snapshots = useTeam(useShallow((team) => Object.values(team.snapshots).filter(isShown(taskId))));
  const live = useTeam((team) => team.live === "live");
  if (snapshots.length === 0) return null;
  return (
    <Part title="Kept before">
      <SnapshotRows serverId={serverId} snapshots={snapshots} online={live} />
    </Part>
  );
}

/** What was kept before calls of the task, without what its restores kept. */
function isShown(taskId: string): (snapshot: Snapshot) => boolean {
  return (snapshot) =>
    snapshot.taskId === taskId && snapshot.beforeRestoreOf === null && !["empty", "taking"].includes(snapshot.state);
}

/** The whole of what the agent of a phase was told, and the way back to the run. */
function Told({ task }: { readonly task: Task }) {
  return (
    <div className="flex flex-col items-start gap-2">
      {task.parentId && (
        <Button size="small" onClick={() => go("tasks", task.parentId ?? "")}>
          <Route className="icon size-3.5" aria-hidden />
          Show the run
        </Button>
      )}
      <Folded summary="What the agent was told">
        <Output text={task.request} label="Request" />
      </Folded>
    </div>
  );
}

function Head({ serverId, task }: { readonly serverId: string; readonly task: Task }) {
  const { busy, error, run } = useCall();
  const label = AGENT_LABELS[task.agent];
  return (
    <header className="flex flex-col gap-2">
      <h1 className="text-large leading-6 whitespace-pre-wrap wrap-anywhere">{taskTitle(task)}</h1>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-small text-dim">
        <span className="flex items-center gap-2">
          <StateMark mark={TASK_MARKS[task.state]} />
          {TASK_WORDS[task.state]}
        </span>
        <span>{label}</span>
        <span>
          given <Ago at={task.createdAt} />
        </span>
        {task.startedAt && <Duration from={task.startedAt} to={task.endedAt} />}
        {task.simulated && <span>simulated model</span>}
        {task.repository && <span>in a worktree of {task.repository}</span>}
        <Cost task={task} />
        <span className="flex-1" />
        <Button size="small" onClick={() => openTerminal(task.agent)}>
          <SquareTerminal className="icon size-3.5" aria-hidden />
          Terminal of {label}
        </Button>
        {task.state === "paused" && (
          <Button size="small" busy={busy} onClick={() => void run(() => resumeTask(serverId, task.id))}>
            Resume
          </Button>
        )}
        {isActive(task.state) && task.state !== "paused" && (
          <Button size="small" busy={busy} onClick={() => void run(() => pauseTask(serverId, task.id))}>
            Pause
          </Button>
        )}
        {isActive(task.state) && (
          <Button size="small" busy={busy} onClick={() => void run(() => cancelTask(serverId, task.id))}>
            Cancel the task
          </Button>
        )}
      </div>
      {error && <ErrorCard error={error} />}
    </header>
  );
}

/** The task and everything below it. */
function treeIds(tasks: Team["tasks"], id: string): string[] {
  const children = Object.values(tasks).filter(({ parentId }) => parentId === id);
  return [id, ...children.flatMap((child) => treeIds(tasks, child.id))];
}

/** Why it failed, or why it rests. */
function Hindrance({ task }: { readonly task: Task }) {
  if (task.state === "failed" && task.error) return <ErrorCard error={task.error} />;
  if (!task.rest) return null;
  return (
    <section aria-label="The task rests" className="card overflow-hidden">
      <RestCard rest={task.rest} onOpenSpend={() => go("spend")} />
    </section>
  );
}

/** Of the task with everything it gave away. */
function Cost({ task }: { readonly task: Task }) {
  const usd = useTeam(({ tasks, spend }) =>
    treeIds(tasks, task.id).reduce((sum, id) => sum + (spend?.byTask[id] ?? 0), 0),
  );
  return usd > 0 && <span className="tabular-nums">{dollars(usd)}</span>;
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="text-small text-dim">{title}</h2>
      {children}
    </section>
  );
}

function Child({ task }: { readonly task: Task }) {
  return (
    <button
      type="button"
      onClick={() => go("tasks", task.id)}
      className="flex min-h-9 w-full items-center gap-2.5 px-3 text-left outline-offset-[-2px] hover:bg-raised"
    >
      <StateMark mark={TASK_MARKS[task.state]} />
      <span className="font-strong">{AGENT_LABELS[task.agent]}</span>
      <span className="min-w-0 flex-1 truncate text-dim">{taskTitle(task)}</span>
      <span className="text-small text-faint">{TASK_WORDS[task.state]}</span>
    </button>
  );
}
