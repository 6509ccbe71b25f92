import { useShallow } from "zustand/react/shallow";
import type { ModelName } from "../../contract/status.ts";
import { openApprovals } from "./situation.ts";
import type { Team } from "./state.ts";
import { useTeam } from "./store.ts";

export interface TeamSummary {
  readonly live: Team["live"];
  /** Such as "2 of 6 agents working". */
  readonly working: string;
  readonly openApprovals: number;
  readonly model: ModelName | null;
}

export function summarise(team: Team): TeamSummary {
  const working = team.agents.filter((agent) => agent.state === "working").length;
  const agents = `${team.agents.length} agents`;
  return {
    live: team.live,
    working: working === 0 ? agents : `${working} of ${agents} working`,
    openApprovals: openApprovals(team.approvals).length,
    model: team.status?.model ?? null,
  };
}

export function useTeamSummary(): TeamSummary {
  return useTeam(useShallow(summarise));
}
