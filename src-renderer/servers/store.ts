import { create } from "zustand";
import type { HostInfo } from "../../contract/host-api.ts";
import type { ServerView } from "../../contract/servers.ts";

/** What the page knows of the host and its servers. The host is the writer; this is a copy. */
export interface ServersState {
  /** `lost`: the host does not answer; the list is as it was. */
  readonly host: "starting" | "ready" | "lost";
  readonly info: HostInfo | null;
  readonly list: readonly ServerView[];
  readonly selectedId: string | null;
}

const SELECTED_KEY = "ai-infra.server";

export const useServers = create<ServersState>()(() => ({
  host: "starting",
  info: null,
  list: [],
  selectedId: localStorage.getItem(SELECTED_KEY),
}));

export function selectServer(id: string): void {
  localStorage.setItem(SELECTED_KEY, id);
  useServers.setState({ selectedId: id });
}

/** The chosen server, or the first one when the chosen one is gone. */
export function selectedServer(state: Pick<ServersState, "list" | "selectedId">): ServerView | null {
  return state.list.find((view) => view.server.id === state.selectedId) ?? state.list[0] ?? null;
}

export function useServer(): ServerView | null {
  return useServers(selectedServer);
}
