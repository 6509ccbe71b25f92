import { followOpened } from "../servers/attention.ts";
import { connectServer } from "../servers/actions.ts";
import { selectedServer, useServers } from "../servers/store.ts";
import { watchServers } from "../servers/watch.ts";
import { followTeam } from "../team/follow.ts";
import { openAttention } from "./open-attention.ts";
import { followAddress } from "./navigation.ts";
import { applyTheme } from "./preferences.ts";
import { followShortcuts } from "./shortcuts.ts";

/** Sets everything going that runs as long as the page: the list of servers and the selected server's team. */
export function startApp(): void {
  applyTheme();
  followAddress();
  followShortcuts();
  const { signal } = new AbortController();
  void watchServers(signal);
  void followOpened(openAttention, signal);
  followSelected();
}

function followSelected(): void {
  let following: { id: string; controller: AbortController } | undefined;
  const update = () => {
    const selected = selectedServer(useServers.getState());
    const id = selected?.server.id;
    if (id === following?.id) return;
    if (selected?.connection.state === "offline") void connectChosen(selected.server.id);
    following?.controller.abort();
    following = id ? { id, controller: new AbortController() } : undefined;
    if (following) void followTeam(following.id, following.controller.signal);
  };
  update();
  useServers.subscribe(update);
}

/** Choosing a server means wanting it: it connects at once. Disconnecting later stays as the person left it. */
async function connectChosen(id: string): Promise<void> {
  try {
    await connectServer(id);
  } catch {
    // What is wrong shows as the connection's state, with a way to try again.
  }
}
