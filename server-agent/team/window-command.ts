import path from "node:path";
import { AgentName, type WindowName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { KEPT_SCREEN } from "./tmux-config.ts";
import { shellQuote } from "../platform/shell-quote.ts";

const START_CONSOLE = "/opt/ai-infrastructure/bin/start-console";

/** The shell line that a window runs. */
export function windowCommand(window: WindowName, config: DaemonConfig, configFile: string): string {
  if (window === "monitor") return MONITOR;
  if (window === "logs") return config.mode === "server" ? SERVER_LOGS : localLogs(config.logDir);
  const agent = AgentName.parse(window);
  const folder = path.dirname(configFile);
  if (config.mode === "server") {
    return keptScreen(folder, window) + line("exec", "sudo", "-n", START_CONSOLE, agent);
  }
  return keptScreen(folder, window) + line("exec", config.node, config.bundle, "agent", agent, "--config", configFile);
}

/** What stood in the window when its program ended: tmux keeps what has scrolled by, not what is in sight. */
function keptScreen(folder: string, window: WindowName): string {
  const file = shellQuote(path.join(folder, `${KEPT_SCREEN}${window}`));
  return `cat ${file} 2>/dev/null; rm -f ${file}; `;
}

/** Views only where the program can: whoever attaches must not end processes from here. */
const MONITOR =
  "export HTOPRC=/dev/null; command -v htop >/dev/null && exec htop --readonly --delay=30; " +
  "command -v btop >/dev/null && exec btop; exec top -s";

const SERVER_LOGS = "exec journalctl --no-pager -f -n 200 -o cat -u ai-infrastructure -u ai-agents";

function localLogs(logDir: string): string {
  const logs = `${shellQuote(path.resolve(logDir))}/*.log`;
  return `until ls ${logs} >/dev/null 2>&1; do sleep 1; done; exec tail -n 200 -F ${logs}`;
}

function line(...words: string[]): string {
  return words.map(shellQuote).join(" ");
}
