import type { AgentName } from "../../../contract/agents.ts";
import { Avatar } from "../../team/avatar.tsx";
import { AGENT_LABELS, AGENT_ROLES } from "../../team/situation.ts";

interface AgentMentionsProps {
  readonly names: readonly AgentName[];
  readonly chosen: number;
  readonly onPick: (name: AgentName) => void;
}

/** The agents that a typed @ may mean. The keyboard stays in the message. */
export function AgentMentions({ names, chosen, onPick }: AgentMentionsProps) {
  return (
    <div
      role="listbox"
      aria-label="Agents"
      className="floats-in absolute bottom-full left-0 mb-2 w-80 max-w-full rounded-card border border-line2 bg-raised p-1 shadow-float"
    >
      {names.map((name, index) => (
        <button
          key={name}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(name)}
          className={`flex h-8.5 w-full items-center gap-2.5 rounded-control px-2.5 text-left ${index === chosen ? "bg-line" : ""}`}
        >
          <Avatar agent={name} />
          <span className="font-strong">{AGENT_LABELS[name]}</span>
          <span className="truncate text-small text-dim">{AGENT_ROLES[name]}</span>
        </button>
      ))}
    </div>
  );
}
