import { SPECIALISTS } from "../../../contract/agents.ts";
import { Avatar } from "../../team/avatar.tsx";

/** The team as it is: one who leads, five who do. */
export function TeamFigure() {
  return (
    <div aria-hidden className="flex items-center gap-1.5">
      <Avatar agent="supervisor" size="large" />
      <span className="h-px w-6 bg-line2" />
      {SPECIALISTS.map((agent) => (
        <Avatar key={agent} agent={agent} size="large" />
      ))}
    </div>
  );
}
