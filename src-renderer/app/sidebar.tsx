import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import type { AgentStatus } from "../../contract/agents.ts";
import { AGENT_LABELS, SITUATION_WORDS, situationOf } from "../team/situation.ts";
import { useTeam } from "../team/store.ts";
import { useTeamSummary } from "../team/summary.ts";
import { IconButton } from "../ui/button.tsx";
import { useServer } from "../servers/store.ts";
import { ContextMenu } from "../ui/menu.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { Tip } from "../ui/tip.tsx";
import { useMedia } from "../ui/use-media.ts";
import { agentDeeds } from "./deeds.ts";
import { go, usePlace } from "./navigation.ts";
import { PAGE_ENTRIES, type PageEntry } from "./pages.ts";
import { openTerminal, usePreferences } from "./preferences.ts";

export function Sidebar() {
  const small = useMedia("(max-width: 1099px)");
  const chosen = usePreferences((state) => state.sidebarNarrow);
  const narrow = small || chosen;
  const agents = useTeam((team) => team.agents);
  return (
    <nav
      aria-label="Pages and agents"
      className={`flex shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-panel py-2.5 ${narrow ? "w-13 px-2" : "w-58 px-2"}`}
    >
      {PAGE_ENTRIES.map((entry, index) => (
        <PageLink key={entry.page} entry={entry} narrow={narrow} keys={`Ctrl ${index + 1}`} />
      ))}
      {agents.length > 0 && (
        <>
          {narrow ? (
            <div className="mx-2 my-2 h-px bg-line" />
          ) : (
            <h2 className="px-2.5 pt-3.5 pb-1 text-tiny text-faint">Agents</h2>
          )}
          {agents.map((agent) => (
            <AgentLink key={agent.name} agent={agent} narrow={narrow} />
          ))}
        </>
      )}
      <span className="flex-1" />
      {!small && (
        <IconButton
          icon={narrow ? PanelLeftOpen : PanelLeftClose}
          label={narrow ? "Widen the sidebar" : "Narrow the sidebar"}
          className="self-start"
          onClick={() => usePreferences.setState({ sidebarNarrow: !chosen })}
        />
      )}
    </nav>
  );
}

interface PageLinkProps {
  readonly entry: PageEntry;
  readonly narrow: boolean;
  readonly keys: string;
}

function PageLink({ entry, narrow, keys }: PageLinkProps) {
  const current = usePlace((place) => place.page) === entry.page;
  const { openApprovals } = useTeamSummary();
  const waiting = entry.page === "chat" ? openApprovals : 0;
  const Icon = entry.icon;
  const link = (
    <button
      type="button"
      aria-current={current ? "page" : undefined}
      {...(narrow && { "aria-label": waiting ? `${entry.label}, ${waiting} waiting for you` : entry.label })}
      onClick={() => go(entry.page)}
      className={`moves relative flex h-8 shrink-0 items-center gap-2.5 rounded-control ${narrow ? "justify-center" : "px-2.5"} ${current ? "bg-raised font-strong text-text shadow-[0_0_0_1px_var(--line)]" : "text-dim hover:bg-line hover:text-text"}`}
    >
      <Icon className="icon" aria-hidden />
      {!narrow && entry.label}
      {waiting > 0 && <NeedsYou count={waiting} narrow={narrow} />}
    </button>
  );
  return narrow ? (
    <Tip text={entry.label} keys={keys}>
      {link}
    </Tip>
  ) : (
    link
  );
}

function NeedsYou({ count, narrow }: { readonly count: number; readonly narrow: boolean }) {
  if (narrow) return <span aria-hidden className="absolute top-1 right-1 size-2 rotate-45 rounded-[1.5px] bg-wait" />;
  return (
    <span className="ml-auto rounded-full bg-wait px-1.75 text-tiny leading-[17px] font-heavy text-bg">
      {count}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}

function AgentLink({ agent, narrow }: { readonly agent: AgentStatus; readonly narrow: boolean }) {
  const situation = useTeam((team) => situationOf(agent, team.approvals));
  const serverId = useServer()?.server.id ?? "";
  const label = AGENT_LABELS[agent.name];
  const words = agent.activity && situation === "working" ? agent.activity : SITUATION_WORDS[situation];
  const link = (
    <button
      type="button"
      onClick={() => openTerminal(agent.name)}
      {...(narrow && { "aria-label": `${label}, ${SITUATION_WORDS[situation]}. Open its terminal` })}
      className={`moves group flex h-7.5 shrink-0 items-center gap-2.5 rounded-control hover:bg-line ${narrow ? "justify-center" : "px-2.5"}`}
    >
      <StateMark mark={situation} {...(!narrow && { label: SITUATION_WORDS[situation] })} />
      {narrow ? (
        <span className="w-3 text-tiny font-heavy text-dim">{label.slice(0, 1)}</span>
      ) : (
        <>
          <span>{label}</span>
          <span className="min-w-0 flex-1 truncate text-right text-[11.5px] text-faint group-hover:text-dim">
            {words}
          </span>
        </>
      )}
    </button>
  );
  return (
    <ContextMenu deeds={() => agentDeeds(serverId, agent.name)}>
      <div className="flex shrink-0 flex-col">
        <Tip text={narrow ? `${label}: ${words}` : `Open the terminal of ${label}`}>{link}</Tip>
      </div>
    </ContextMenu>
  );
}
