import { AgentName, agentUser, WindowName } from "../../contract/agents.ts";
import { SMALL_MALLOC, SMALL_PROCESS, TMUX_SESSION, TMUX_SOCKET } from "../../contract/daemon-config.ts";
import {
  AGENT_CONSOLE,
  AGENTS_SLICE,
  AGENTS_UNIT,
  ATTACH_WINDOW,
  BUNDLE,
  CONFIG_FILE,
  END_CONSOLE,
  NODE,
  RUN_DIR,
  START_CONSOLE,
} from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** What one agent and its commands may take of the machine, so that the others go on when it takes too much. */
const LIMITS = ["MemoryMax=50%", "TasksMax=1024"];

/**
 * What an agent's window runs, as root: it becomes the agent's console, in a control group of its own that ends with the
 * windows. When the machine itself runs out of memory, agents are ended before services.
 */
export const startConsole: OurFile = {
  path: START_CONSOLE,
  mode: "755",
  text: `#!/bin/sh
case $1 in
${AgentName.options.map((agent) => `  ${agent}) user=${agentUser(agent)} ;;`).join("\n")}
  *) echo "No such agent: $1" >&2; exit 64 ;;
esac
exec systemd-run --scope --quiet --collect --slice=${AGENTS_SLICE} --unit="ai-agent-$1-$$" \\
  -p BindsTo=${AGENTS_UNIT} -p After=${AGENTS_UNIT} ${LIMITS.map((limit) => `-p ${limit}`).join(" ")} \\
  choom --adjust 300 -- \\
  setpriv --reuid "$user" --regid "$user" --init-groups --reset-env -- ${AGENT_CONSOLE} "$1"
`,
};

/** The console itself, as the agent's own user. */
export const agentConsole: OurFile = {
  path: AGENT_CONSOLE,
  mode: "755",
  text: `#!/bin/sh
export LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export ${Object.entries(SMALL_MALLOC)
    .map((pair) => pair.join("="))
    .join(" ")}
exec ${NODE} ${SMALL_PROCESS.join(" ")} ${BUNDLE} agent "$1" --config ${CONFIG_FILE}
`,
};

/** Ends a console that hangs. It runs as that agent's user, so it can end nobody else's processes. */
export const endConsole: OurFile = {
  path: END_CONSOLE,
  mode: "755",
  text: `#!/bin/sh
case $1 in "" | *[!0-9]*) echo "Not a process id" >&2; exit 64 ;; esac
kill -KILL "$1"
`,
};

/** What a terminal of the app runs: a view of its own on one window. Its arguments come from people, so they are checked. */
export const attachWindow: OurFile = {
  path: ATTACH_WINDOW,
  mode: "755",
  text: `#!/bin/sh
window=$1 view=$2
case $window in ${WindowName.options.join("|")}) ;; *) echo "No such window: $window" >&2; exit 64 ;; esac
case $view in "" | *[!A-Za-z0-9-]*) echo "Not a view id" >&2; exit 64 ;; esac
exec tmux -u -S ${RUN_DIR}/${TMUX_SOCKET} new-session -t ${TMUX_SESSION} -s "view-$view" \\; \\
  set destroy-unattached on \\; select-window -t "view-$view:$window"
`,
};
