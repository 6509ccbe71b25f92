import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import { SMALL_PROCESS, TMUX_SESSION, TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { shellQuote } from "../platform/shell-quote.ts";
import { tmux, tryTmux } from "./tmux.ts";
import { ANSWERS_ROLE, ROLE_OPTION } from "./tmux-config.ts";

/** Of the window. */
const HEIGHT = "45%";

/**
 * Opens a pane for answers below the console of each of these agents that has none. It is a process of the daemon's
 * user in the tmux server: only the keys of whoever is attached reach it. A window without room for it stays as it is.
 */
export async function openAnswerPanes(config: DaemonConfig, agents: readonly AgentName[]): Promise<void> {
  if (agents.length === 0) return;
  const socket = path.join(config.runDir, TMUX_SOCKET);
  const format = `#{window_name}\t#{${ROLE_OPTION}}`;
  const listed = await tryTmux(socket, "list-panes", "-s", "-t", `=${TMUX_SESSION}`, "-F", format);
  if (!listed.ok) return;
  const panes = listed.output.split("\n").map((line) => line.split("\t"));
  for (const agent of agents) {
    const own = panes.filter(([window]) => window === agent);
    if (own.length > 0 && own.every(([, role = ""]) => role === "")) await openPane(config, socket, agent);
  }
}

async function openPane(config: DaemonConfig, socket: string, agent: AgentName): Promise<void> {
  const configFile = path.join(path.dirname(socket), "daemon.json");
  const argv = ["exec", config.node, ...SMALL_PROCESS, config.bundle, "answers", agent, "--config", configFile];
  const place = ["-t", `=${TMUX_SESSION}:${agent}.0`, "-v", "-l", HEIGHT, "-P", "-F", "#{pane_id}"];
  const opened = await tryTmux(socket, "split-window", ...place, argv.map(shellQuote).join(" "));
  if (!opened.ok) return;
  await tmux(socket, "set-option", "-p", "-t", opened.output, ROLE_OPTION, ANSWERS_ROLE);
  await tmux(socket, "set-option", "-p", "-t", opened.output, "remain-on-exit", "off");
}
