import path from "node:path";
import { type AgentName, agentUser, WindowName } from "../../contract/agents.ts";
import { END_CONSOLE, TMUX_SESSION, TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { shellQuote } from "../platform/shell-quote.ts";
import { tmux, tryTmux } from "./tmux.ts";
import { COUNT_OPTION, HELD_OPTION, ROLE_OPTION, STARTED_OPTION } from "./tmux-config.ts";

type PaneConfig = Pick<DaemonConfig, "mode" | "runDir">;

/** Where a window's own program runs. */
export interface Pane {
  readonly window: WindowName;
  readonly id: string;
  /** The program's, which is an agent's console itself and no shell around it. */
  readonly pid: number;
  readonly isDead: boolean;
}

/** None while the tmux server does not run. */
export async function listPanes(config: PaneConfig): Promise<Pane[]> {
  const format = `#{window_name}\t#{pane_id}\t#{pane_pid}\t#{pane_dead}\t#{${ROLE_OPTION}}`;
  const listed = await tryTmux(socketOf(config), "list-panes", "-s", "-t", `=${TMUX_SESSION}`, "-F", format);
  if (!listed.ok) return [];
  return listed.output.split("\n").flatMap((line) => {
    const [name, id = "", pid, dead, role = ""] = line.split("\t");
    const window = WindowName.safeParse(name);
    return window.success && role === "" ? [{ window: window.data, id, pid: Number(pid), isDead: dead === "1" }] : [];
  });
}

/** Kills an agent's console, which then starts again in its window. False when none runs. */
export async function endConsole(config: PaneConfig, agent: AgentName): Promise<boolean> {
  const pane = await paneOf(config, agent);
  if (!pane || pane.isDead || !(pane.pid > 1)) return false;
  await killConsole(config, agent, pane.pid);
  return true;
}

/** Keeps an agent's console from running until `releaseWindow`. */
export async function holdWindow(config: PaneConfig, agent: AgentName): Promise<void> {
  const pane = await paneOf(config, agent);
  if (!pane) return;
  await tmux(socketOf(config), "set-option", "-p", "-t", pane.id, HELD_OPTION, "1");
  if (!pane.isDead) await killConsole(config, agent, pane.pid);
}

export async function releaseWindow(config: PaneConfig, agent: AgentName): Promise<void> {
  const pane = await paneOf(config, agent);
  if (!pane) return;
  for (const option of [HELD_OPTION, COUNT_OPTION, STARTED_OPTION]) {
    await tmux(socketOf(config), "set-option", "-p", "-u", "-t", pane.id, option);
  }
  if (pane.isDead) await tmux(socketOf(config), "respawn-pane", "-t", pane.id);
}

async function paneOf(config: PaneConfig, agent: AgentName): Promise<Pane | undefined> {
  return (await listPanes(config)).find(({ window }) => window === agent);
}

/** On a server the console is another user's, whom only the tmux server may become: the daemon gains no privileges. */
async function killConsole(config: PaneConfig, agent: AgentName, pid: number): Promise<void> {
  if (config.mode === "local") return killOwn(pid);
  const argv = ["exec", "sudo", "-n", "-u", agentUser(agent), END_CONSOLE, String(pid)];
  await tmux(socketOf(config), "run-shell", argv.map(shellQuote).join(" "));
}

function killOwn(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function socketOf({ runDir }: PaneConfig): string {
  return path.join(runDir, TMUX_SOCKET);
}
