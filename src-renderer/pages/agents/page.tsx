import { Settings2, SquareTerminal } from "lucide-react";
import { AgentName, type AgentStatus } from "../../../contract/agents.ts";
import type { WireError } from "../../../contract/errors.ts";
import type { AgentUse } from "../../../contract/health.ts";
import { agentDeeds } from "../../app/deeds.ts";
import { go, usePlace } from "../../app/navigation.ts";
import { openTerminal } from "../../app/preferences.ts";
import { TeamPage } from "../../app/team-page.tsx";
import { Avatar } from "../../team/avatar.tsx";
import { HoldCard } from "../../team/hold-card.tsx";
import { AGENT_LABELS, AGENT_ROLES, SITUATION_WORDS, situationOf } from "../../team/situation.ts";
import { dollars } from "../../team/spend.ts";
import { useTeam } from "../../team/store.ts";
import { taskTitle } from "../../team/task-title.ts";
import { Button } from "../../ui/button.tsx";
import { ContextMenu } from "../../ui/menu.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Ago } from "../../ui/time.tsx";
import { TeamFailure } from "../../team/team-failure.tsx";
import { AgentDetail } from "./detail.tsx";
import { LEVELS } from "./levels.ts";
import { Problems } from "./problems.tsx";
import { useUsage } from "./use-usage.ts";

const MEGABYTE = 1024 * 1024;

export function AgentsPage() {
  const unread = useTeam((team) => team.seq === null);
  const problems = useTeam((team) => team.status?.definitionProblems);
  const chosen = AgentName.safeParse(usePlace((place) => place.detail));
  return (
    <TeamPage unread={unread}>
      {({ server }) =>
        chosen.success ? (
          <AgentDetail serverId={server.id} agent={chosen.data} key={chosen.data} />
        ) : (
          <AgentList serverId={server.id} problems={problems ?? []} />
        )
      }
    </TeamPage>
  );
}

function AgentList({ serverId, problems }: { readonly serverId: string; readonly problems: readonly WireError[] }) {
  const agents = useTeam((team) => team.agents);
  const usage = useUsage(serverId);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageHeader title="Agents" about="Six agents, each a process with a window of its own." />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-3 px-6 pb-10 max-phone:grid-cols-1 max-phone:px-4">
        <TeamFailure onOpenServer={() => go("server")} />
        <Problems problems={problems} />
        {agents.length === 0 && <Skeleton label="Reading the agents" lines={5} />}
        {agents.map((agent) => (
          <AgentCard key={agent.name} serverId={serverId} agent={agent} use={usage.get(agent.name)} />
        ))}
      </div>
    </div>
  );
}

interface AgentCardProps {
  readonly serverId: string;
  readonly agent: AgentStatus;
  readonly use: AgentUse | undefined;
}

function AgentCard({ serverId, agent, use }: AgentCardProps) {
  const situation = useTeam((team) => situationOf(agent, team.approvals));
  const usd = useTeam((team) => team.spend?.byAgent[agent.name] ?? 0);
  const label = AGENT_LABELS[agent.name];
  return (
    <ContextMenu deeds={() => agentDeeds(serverId, agent.name)}>
      <article aria-label={label} className="card flex flex-col">
        <header className="flex items-center gap-3 px-4 pt-3.5">
          <Avatar agent={agent.name} size="large" />
          <div className="min-w-0 flex-1">
            <h2 className="leading-5">{label}</h2>
            <p className="truncate text-small text-dim">{AGENT_ROLES[agent.name]}</p>
          </div>
          <span
            className={`flex items-center gap-1.5 self-start text-small ${situation === "needs_you" ? "text-wait" : "text-dim"}`}
          >
            <StateMark mark={situation} />
            {SITUATION_WORDS[situation]}
          </span>
        </header>
        {agent.hold ? <HoldCard serverId={serverId} agent={agent} /> : <Work agent={agent} />}
        <Takes use={use} usd={usd} />
        <footer className="flex items-center gap-2 border-t border-line py-1.5 pr-2 pl-4 text-small text-faint">
          <span className="min-w-0 flex-1 truncate">
            <span title={LEVELS[agent.level]}>level {agent.level}</span> ·{" "}
            {agent.lastActivityAt ? <Ago at={agent.lastActivityAt} /> : "not active yet"}
          </span>
          <Button
            size="small"
            look="quiet"
            aria-label={`Settings of ${label}`}
            onClick={() => go("agents", agent.name)}
          >
            <Settings2 className="icon size-3.5" aria-hidden />
            Settings
          </Button>
          <Button size="small" look="quiet" onClick={() => openTerminal(agent.name)}>
            <SquareTerminal className="icon size-3.5" aria-hidden />
            Terminal
          </Button>
        </footer>
      </article>
    </ContextMenu>
  );
}

/** The task at hand and what is being done for it; as tall without one. */
function Work({ agent }: { readonly agent: AgentStatus }) {
  const task = useTeam((team) => (agent.taskId ? team.tasks[agent.taskId] : undefined));
  return (
    <div className="flex min-h-17 flex-col justify-center gap-0.5 px-4 py-2.5">
      {task ? (
        <button
          type="button"
          onClick={() => go("tasks", task.id)}
          className="truncate rounded-control text-left hover:underline"
        >
          {taskTitle(task)}
        </button>
      ) : (
        <p className="text-faint">{agent.state === "offline" ? "Its console is not running." : "No task."}</p>
      )}
      {agent.activity && <p className="truncate text-small text-dim">{agent.activity}</p>}
    </div>
  );
}

/** What the agent takes of its machine, and of the budget. */
function Takes({ use, usd }: { readonly use: AgentUse | undefined; readonly usd: number }) {
  const { cpuPercent = null, memoryBytes = null } = use ?? {};
  return (
    <dl className="mt-auto grid grid-cols-3 border-t border-line px-4 py-2 text-small tabular-nums">
      <Figure name="CPU" figure={cpuPercent === null ? "–" : `${cpuPercent.toFixed(1)} %`} />
      <Figure
        name="Memory"
        figure={memoryBytes === null ? "–" : `${Math.round(memoryBytes / MEGABYTE).toLocaleString("en")} MB`}
      />
      <Figure name="Today" figure={dollars(Math.max(usd, use?.todayUsd ?? 0))} />
    </dl>
  );
}

function Figure({ name, figure }: { readonly name: string; readonly figure: string }) {
  return (
    <div>
      <dt className="text-tiny text-faint">{name}</dt>
      <dd className="text-dim">{figure}</dd>
    </div>
  );
}
