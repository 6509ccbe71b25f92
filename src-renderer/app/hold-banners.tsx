import { useShallow } from "zustand/react/shallow";
import { useServer } from "../servers/store.ts";
import { HoldCard } from "../team/hold-card.tsx";
import { useTeam } from "../team/store.ts";
import { usePlace } from "./navigation.ts";

/** Agents that were stopped and nobody has been heard about yet, on every page but the one that shows them anyway. */
export function HoldBanners() {
  const view = useServer();
  const held = useTeam(useShallow((team) => team.agents.filter(({ hold }) => hold && !hold.kept)));
  const isOnAgents = usePlace((place) => place.page === "agents" && place.detail === null);
  if (!view || isOnAgents || held.length === 0) return null;
  return (
    <div className="flex flex-col border-b border-[color-mix(in_oklab,var(--wait)_45%,var(--line))] bg-raised">
      {held.map((agent) => (
        <HoldCard key={agent.name} serverId={view.server.id} agent={agent} />
      ))}
    </div>
  );
}
