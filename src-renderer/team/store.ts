import { create } from "zustand";
import { useServers, selectedServer } from "../servers/store.ts";
import { EMPTY_TEAM, type Team } from "./state.ts";

interface TeamsState {
  readonly teams: Readonly<Record<string, Team>>;
}

/** One team per server, kept while the app runs, so that switching back shows what was there. */
export const useTeams = create<TeamsState>()(() => ({ teams: {} }));

export function readTeam(serverId: string): Team {
  return useTeams.getState().teams[serverId] ?? EMPTY_TEAM;
}

export function updateTeam(serverId: string, change: (team: Team) => Team): void {
  useTeams.setState(({ teams }) => {
    const before = teams[serverId] ?? EMPTY_TEAM;
    const after = change(before);
    return after === before ? { teams } : { teams: { ...teams, [serverId]: after } };
  });
}

/** A part of the selected server's team. */
export function useTeam<T>(select: (team: Team) => T): T {
  const serverId = useServers((state) => selectedServer(state)?.server.id ?? "");
  return useTeams(({ teams }) => select(teams[serverId] ?? EMPTY_TEAM));
}
