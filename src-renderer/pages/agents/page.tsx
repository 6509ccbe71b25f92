import { Settings2, SquareTerminal } from "lucide-react";
import { AgentName, type AgentStatus } from "../../../contract/agents.ts";
import { agentDeeds } from "../../app/deeds.ts";
import { go, usePlace } from "../../app/navigation.ts";
import { openTerminal } from "../../app/preferences.ts";
import { NotConnected, NoTeamYet } from "../../app/no-team-yet.tsx";
import { hasTeam, useServer } from "../../servers/store.ts";
import { Avatar } from "../../team/avatar.tsx";
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

export function AgentsPage() {
  const view = useServer();
  const agents = useTeam((team) => team.agents);
  const unread = useTeam((team) => team.seq === null);
  const problems = useTeam((team) => team.status?.definitionProblems);
  const chosen = AgentName.safeParse(usePlace((place) => place.detail));
  if (!view) return null;
  if (!hasTeam(view)) return <NoTeamYet view={view} />;
  if (unread && view.connection.state !== "online") return <NotConnected view={view} />;
  if (chosen.success) return <AgentDetail serverId={view.server.id} agent={chosen.data} key={chosen.data} />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <PageHeader title="Agents" about="Six agents, each a process and a user of its own on the server." />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-3 px-6 pb-10 max-phone:grid-cols-1 max-phone:px-4">
        <TeamFailure onOpenServer={() => go("server")} />
        <Problems problems={problems ?? []} />
        {agents.length === 0 && <Skeleton label="Reading the agents" lines={5} />}
        {agents.map((agent) => (
          <AgentCard key={agent.name} serverId={view.server.id} agent={agent} />
        ))}
      </div>
    </div>
  );
}

function AgentCard({ serverId, agent }: { readonly serverId: string; readonly agent: AgentStatus }) {
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
        <Work agent={agent} />
        <footer className="mt-auto flex items-center gap-2 border-t border-line py-1.5 pr-2 pl-4 text-small text-faint">
          <span className="min-w-0 flex-1 truncate">
            <span title={LEVELS[agent.level]}>level {agent.level}</span> · {usd > 0 && <>{dollars(usd)} today · </>}
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
