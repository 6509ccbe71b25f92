import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { WindowName } from "../../contract/agents.ts";
import { TMUX_SESSION, TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { tmux, tryTmux } from "./tmux.ts";
import {
  ENDS_FOLDER,
  KEPT_SCREEN,
  NUDGE_SCRIPT,
  nudgeCommand,
  respawnScript,
  tmuxConfig,
  type TmuxFiles,
} from "./tmux-config.ts";
import { windowCommand } from "./window-command.ts";

/** Brings up the tmux server and every window that is missing; leaves alone what runs. The server outlives us. */
export async function startTeam(config: DaemonConfig): Promise<void> {
  const socket = path.join(config.runDir, TMUX_SOCKET);
  const folder = path.dirname(socket);
  const files = filesIn(folder, socket);
  const configFile = path.join(folder, "daemon.json");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files.config, tmuxConfig(files), { mode: 0o600 });
  await writeFile(files.respawn, respawnScript(files), { mode: 0o600 });
  await writeFile(files.nudge, NUDGE_SCRIPT, { mode: 0o600 });
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });

  const present = await presentWindows(socket);
  if (present !== null) await tmux(socket, "source-file", files.config);
  for (const [index, name] of WindowName.options.entries()) {
    if (present?.has(name)) continue;
    const command = windowCommand(name, config, configFile);
    if (index === 0 && present === null) await startSession(files, name, command);
    else await tmux(socket, "new-window", "-d", "-t", `${TMUX_SESSION}:${index}`, "-n", name, command);
  }
}

function filesIn(folder: string, socket: string): TmuxFiles {
  return {
    socket,
    ends: path.join(folder, ENDS_FOLDER),
    kept: path.join(folder, KEPT_SCREEN),
    config: path.join(folder, "tmux.conf"),
    respawn: path.join(folder, "respawn.sh"),
    nudge: path.join(folder, "nudge.sh"),
  };
}

async function startSession(files: TmuxFiles, name: WindowName, command: string): Promise<void> {
  const size = ["-x", "200", "-y", "50"];
  await tmux(files.socket, "-f", files.config, "new-session", "-d", "-s", TMUX_SESSION, "-n", name, ...size, command);
  await tmux(files.socket, "run-shell", "-b", nudgeCommand(files));
}

/** Null when the session does not exist. */
async function presentWindows(socket: string): Promise<ReadonlySet<string> | null> {
  const listed = await tryTmux(socket, "list-windows", "-t", `=${TMUX_SESSION}`, "-F", "#{window_name}");
  return listed.ok ? new Set(listed.output.split("\n")) : null;
}
