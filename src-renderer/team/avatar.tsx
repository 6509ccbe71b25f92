import type { AgentName } from "../../contract/agents.ts";
import { AGENT_LABELS } from "./situation.ts";

const SIZES = {
  small: "size-5 rounded-[6px] text-[10.5px]",
  large: "size-8 rounded-[9px] text-[13px]",
};

interface AvatarProps {
  readonly agent: AgentName;
  readonly size?: keyof typeof SIZES;
}

/** An agent's initial. The supervisor carries the accent; the others are quiet. */
export function Avatar({ agent, size = "small" }: AvatarProps) {
  const look = agent === "supervisor" ? "bg-accent-soft text-accent-text" : "bg-line text-dim";
  return (
    <span aria-hidden className={`grid shrink-0 place-items-center font-heavy ${SIZES[size]} ${look}`}>
      {AGENT_LABELS[agent].slice(0, 1)}
    </span>
  );
}
