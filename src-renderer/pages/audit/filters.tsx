import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { AgentName } from "../../../contract/agents.ts";
import { AuditKind } from "../../../contract/audit.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { isFiltered, NO_FILTER, type TimeSpan, type TrailFilter } from "./filter.ts";
import { changeFilter } from "./load-trail.ts";
import { useTrail } from "./store.ts";
import { KIND_LABELS } from "./words.ts";

const ANY = "any";
const TYPING_MS = 250;
const LONGEST_TASK = 60;

const AGENTS = AgentName.options.map((value) => ({ value, label: AGENT_LABELS[value] }));
const KINDS = AuditKind.options.map((value) => ({ value, label: KIND_LABELS[value] }));
const SPANS: readonly { readonly value: TimeSpan; readonly label: string }[] = [
  { value: "any", label: "Any time" },
  { value: "hour", label: "Last hour" },
  { value: "day", label: "Last 24 hours" },
  { value: "week", label: "Last 7 days" },
  { value: "between", label: "Between…" },
];

/** What of the trail is shown. */
export function Filters({ serverId }: { readonly serverId: string }) {
  const filter = useTrail(serverId, (trail) => trail.filter);
  const choose = (part: Partial<TrailFilter>) => void changeFilter(serverId, part);
  return (
    <search
      aria-label="Filter the records"
      className="flex flex-wrap items-center gap-2 px-6 pb-3 max-phone:grid max-phone:grid-cols-2 max-phone:px-4"
    >
      <TextFilter text={filter.text} onChange={(text) => choose({ text })} />
      <Select
        label="Agent"
        value={filter.agent ?? ANY}
        options={[{ value: ANY, label: "Any agent" }, ...AGENTS]}
        onChange={(agent) => choose({ agent: agent === ANY ? null : agent })}
      />
      <Select
        label="Kind"
        value={filter.kind ?? ANY}
        options={[{ value: ANY, label: "Any kind" }, ...KINDS]}
        onChange={(kind) => choose({ kind: kind === ANY ? null : kind })}
      />
      <TaskFilter taskId={filter.taskId} onChange={(taskId) => choose({ taskId })} />
      <Select label="Time" value={filter.span} options={SPANS} onChange={(span) => choose({ span })} />
      {filter.span === "between" && <Between filter={filter} onChange={choose} />}
      {isFiltered(filter) && (
        <Button look="quiet" onClick={() => choose(NO_FILTER)}>
          <X className="icon" aria-hidden />
          Clear
        </Button>
      )}
    </search>
  );
}

interface TextFilterProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Searches when the person stops typing for a moment. */
function TextFilter({ text, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(text);
  const [chosen, setChosen] = useState(text);
  if (chosen !== text) {
    setChosen(text);
    if (text === "") setTyped("");
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  function type(next: string): void {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), TYPING_MS);
  }
  return (
    <span className="relative min-w-44 flex-1 basis-44 max-phone:col-span-2">
      <Search className="icon pointer-events-none absolute top-2 left-2.5 text-faint" aria-hidden />
      <input
        type="search"
        aria-label="Search in the records"
        placeholder="Search in the records"
        value={typed}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        className="moves h-8 w-full rounded-control border border-line2 bg-bg pr-2.5 pl-8.5 placeholder:text-faint focus-visible:border-accent focus-visible:outline-offset-0"
      />
    </span>
  );
}

interface TaskFilterProps {
  readonly taskId: string | null;
  readonly onChange: (taskId: string | null) => void;
}

function TaskFilter({ taskId, onChange }: TaskFilterProps) {
  const tasks = useTeam(useShallow((team) => Object.values(team.tasks)));
  const known = tasks
    .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
    .map(({ id, request }) => ({ value: id, label: firstLine(request) }));
  const chosen = taskId !== null && !known.some(({ value }) => value === taskId);
  const options = [
    { value: ANY, label: "Any task" },
    ...(chosen ? [{ value: taskId, label: `Task ${taskId}` }] : []),
    ...known,
  ];
  return (
    <span className="grid max-w-56 min-w-0 max-phone:max-w-none">
      <Select
        label="Task"
        value={taskId ?? ANY}
        options={options}
        onChange={(id) => onChange(id === ANY ? null : id)}
      />
    </span>
  );
}

interface BetweenProps {
  readonly filter: TrailFilter;
  readonly onChange: (part: Partial<TrailFilter>) => void;
}

function Between({ filter, onChange }: BetweenProps) {
  const box = "moves h-8 min-w-0 rounded-control border border-line2 bg-bg px-2 focus-visible:border-accent";
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2 text-dim max-phone:col-span-2">
      <input
        type="datetime-local"
        aria-label="From"
        value={filter.from}
        onChange={(event) => onChange({ from: event.target.value })}
        className={box}
      />
      and
      <input
        type="datetime-local"
        aria-label="To"
        value={filter.to}
        onChange={(event) => onChange({ to: event.target.value })}
        className={box}
      />
    </span>
  );
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line.length > LONGEST_TASK ? `${line.slice(0, LONGEST_TASK)}…` : line;
}
