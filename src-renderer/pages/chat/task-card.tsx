import { SquareTerminal } from "lucide-react";
import type { Task, ToolCall } from "../../../contract/tasks.ts";
import { taskDeeds } from "../../app/deeds.ts";
import { go } from "../../app/navigation.ts";
import { openTerminal } from "../../app/preferences.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { RestCard } from "../../team/rest-card.tsx";
import { AGENT_LABELS, isActive, TASK_WORDS } from "../../team/situation.ts";
import { dollars } from "../../team/spend.ts";
import { useTeam } from "../../team/store.ts";
import { CompactStrip } from "../../team/phase-strip.tsx";
import { taskTitle } from "../../team/task-title.ts";
import { IconButton } from "../../ui/button.tsx";
import { TASK_MARKS } from "../../team/task-marks.ts";
import { ContextMenu } from "../../ui/menu.tsx";
import { StopIcon } from "../../ui/stop-icon.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Duration } from "../../ui/time.tsx";
import { Calls } from "../../team/calls.tsx";

interface TaskCardProps {
  readonly serverId: string;
  readonly task: Task;
  readonly calls: readonly ToolCall[];
  readonly onCancel: () => void;
}

/** Work given to a specialist: who, what, how long, and what was done. */
export function TaskCard({ serverId, task, calls, onCancel }: TaskCardProps) {
  const activity = useTeam((team) => team.agents.find((agent) => agent.taskId === task.id)?.activity ?? null);
  const usd = useTeam((team) => team.spend?.byTask[task.id] ?? 0);
  const run = useTeam((team) => team.runs[task.id]);
  const active = isActive(task.state);
  const label = AGENT_LABELS[task.agent];
  return (
    <ContextMenu deeds={() => taskDeeds(serverId, task)}>
      <section aria-label={`Task of ${label}: ${taskTitle(task)}`} className="card overflow-hidden">
        <header className="flex min-h-9.5 items-center gap-2.5 py-1 pr-1.5 pl-3">
          <StateMark mark={TASK_MARKS[task.state]} />
          <span className="font-heavy">{label}</span>
          <span className="min-w-0 flex-1 truncate text-dim">
            {task.state === "running" && activity ? activity : taskTitle(task)}
          </span>
          <span className="text-small text-faint">
            {task.state !== "running" && <>{TASK_WORDS[task.state]} · </>}
            <Duration from={task.startedAt ?? task.createdAt} to={task.endedAt} />
            {usd > 0 && <> · {dollars(usd)}</>}
          </span>
          <span className="flex">
            {active && <IconButton icon={StopIcon} label={`Stop ${label}`} onClick={onCancel} />}
            <IconButton
              icon={SquareTerminal}
              label={`Open the terminal of ${label}`}
              onClick={() => openTerminal(task.agent)}
            />
          </span>
        </header>
        {task.rest && (
          <div className="border-t border-line">
            <RestCard rest={task.rest} onOpenSpend={() => go("spend")} />
          </div>
        )}
        {run && <CompactStrip run={run} onOpen={() => go("tasks", task.id)} />}
        {calls.length > 0 && (
          <div className="border-t border-line">
            <Calls calls={calls} />
          </div>
        )}
        {task.error && task.state === "failed" && (
          <div className="border-t border-line p-3">
            <ErrorCard error={task.error} />
          </div>
        )}
      </section>
    </ContextMenu>
  );
}
