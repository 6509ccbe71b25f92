import { ListTree } from "lucide-react";
import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Task } from "../../../contract/tasks.ts";
import { taskDeeds } from "../../app/deeds.ts";
import { go, usePlace } from "../../app/navigation.ts";
import { TeamPage } from "../../app/team-page.tsx";
import { useServer } from "../../servers/store.ts";
import { AGENT_LABELS, isActive, TASK_WORDS } from "../../team/situation.ts";
import { useTeam } from "../../team/store.ts";
import { taskTitle } from "../../team/task-title.ts";
import { TASK_MARKS } from "../../team/task-marks.ts";
import { TeamFailure } from "../../team/team-failure.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { ContextMenu } from "../../ui/menu.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Ago, Duration } from "../../ui/time.tsx";
import { TaskDetail } from "./detail.tsx";
import { orderTasks, type TaskRow } from "./order-tasks.ts";

export function TasksPage() {
  const detail = usePlace((place) => place.detail);
  const unread = useTeam((team) => team.seq === null);
  return (
    <TeamPage unread={unread}>
      {({ server }) => (detail ? <TaskDetail serverId={server.id} id={detail} key={detail} /> : <TaskTable />)}
    </TeamPage>
  );
}

function TaskTable() {
  const tasks = useTeam(useShallow((team) => Object.values(team.tasks)));
  const unread = useTeam((team) => team.seq === null);
  const failed = useTeam((team) => team.live === "failed");
  const rows = useMemo(() => orderTasks(tasks), [tasks]);
  const active = tasks.filter((task) => isActive(task.state)).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <PageHeader
        title="Tasks"
        about={active > 0 ? `${active} under way` : "Everything the team was asked to do, newest first."}
      />
      <div className="flex flex-1 flex-col px-6 pb-10 max-phone:px-4">
        <TeamFailure onOpenServer={() => go("server")} />
        {unread && !failed && <Skeleton label="Reading the tasks" lines={5} />}
        {!unread && rows.length === 0 && (
          <Empty
            icon={ListTree}
            title="No tasks yet"
            about="Each message to the team becomes a task, and so does each part that an agent hands to another."
          >
            <Button look="primary" onClick={() => go("chat")}>
              Write a message
            </Button>
          </Empty>
        )}
        {rows.length > 0 && <Rows rows={rows} />}
      </div>
    </div>
  );
}

function Rows({ rows }: { readonly rows: readonly TaskRow[] }) {
  return (
    <div className="card overflow-hidden">
      <table className="w-full table-fixed border-collapse">
        <thead className="max-phone:sr-only">
          <tr className="border-b border-line text-left text-small text-dim [&>th]:px-3 [&>th]:py-1.5 [&>th]:font-strong">
            <th className="w-28 max-phone:hidden">State</th>
            <th className="w-28 max-phone:hidden">Agent</th>
            <th>Request</th>
            <th className="w-28 max-phone:hidden">Started</th>
            <th className="w-28 text-right max-phone:hidden">Duration</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ task, depth }) => (
            <Row key={task.id} task={task} depth={depth} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ task, depth }: { readonly task: Task; readonly depth: number }) {
  const serverId = useServer()?.server.id ?? "";
  return (
    <ContextMenu deeds={() => taskDeeds(serverId, task)}>
      <tr className="relative h-9 hover:bg-raised [&>td]:px-3 max-phone:[&>td]:py-1.5">
        <td className="max-phone:hidden">
          <State task={task} />
        </td>
        <td className="truncate font-strong max-phone:hidden">{AGENT_LABELS[task.agent]}</td>
        <td className="truncate">
          <span className="flex items-center gap-2 phone:hidden" style={{ paddingLeft: depth * 18 }}>
            <span className="font-strong">{AGENT_LABELS[task.agent]}</span>
            <State task={task} />
            <span className="ml-auto text-small text-faint">
              <Ago at={task.createdAt} />
            </span>
          </span>
          <button
            type="button"
            onClick={() => go("tasks", task.id)}
            className="w-full truncate rounded-control text-left after:absolute after:inset-0"
            style={{ paddingLeft: depth * 18 }}
          >
            {depth > 0 && <span className="text-faint">↳ </span>}
            {taskTitle(task)}
          </button>
        </td>
        <td className="text-small text-dim max-phone:hidden">
          <Ago at={task.createdAt} />
        </td>
        <td className="text-right text-small text-dim max-phone:hidden">
          {task.startedAt ? <Duration from={task.startedAt} to={task.endedAt} /> : "–"}
        </td>
      </tr>
    </ContextMenu>
  );
}

function State({ task: { state } }: { readonly task: Task }) {
  return (
    <span className="flex items-center gap-2 text-small text-dim">
      <StateMark mark={TASK_MARKS[state]} />
      {TASK_WORDS[state]}
    </span>
  );
}
