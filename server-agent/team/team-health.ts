import path from "node:path";
import { WindowName } from "../../contract/agents.ts";
import { TMUX_SESSION, TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { tryTmux } from "./tmux.ts";
import { ROLE_OPTION } from "./tmux-config.ts";

export interface TeamHealth {
  readonly state: "up" | "down";
  /** Version when up, what is wrong when down. */
  readonly detail: string;
}

/** Whether the tmux server runs with all its windows; those in `stopped` need not. */
export async function teamHealth(
  config: Pick<DaemonConfig, "runDir">,
  stopped: readonly WindowName[] = [],
): Promise<TeamHealth> {
  const socket = path.join(config.runDir, TMUX_SOCKET);
  const format = `#{version}\t#{window_name}\t#{?${ROLE_OPTION},1,#{pane_dead}}`;
  const listed = await tryTmux(socket, "list-panes", "-s", "-t", `=${TMUX_SESSION}`, "-F", format);
  if (!listed.ok) return { state: "down", detail: listed.output };
  const panes = listed.output.split("\n").map((line) => line.split("\t"));
  const running = new Set(panes.filter(([, , dead]) => dead === "0").map(([, name]) => name));
  const missing = WindowName.options.filter((name) => !running.has(name) && !stopped.includes(name));
  if (missing.length > 0) return { state: "down", detail: `not running: ${missing.join(", ")}` };
  return { state: "up", detail: panes[0]?.[0] ?? "" };
}
