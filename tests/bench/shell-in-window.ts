import type { WindowName } from "../../contract/agents.ts";
import type { Lab } from "../support/lab-server.ts";

const SCRIPT = "/var/tmp/bench-shell";
const TEXT = "/var/tmp/bench-text";

/** Shows what it is asked for: `show MEGABYTES`, or any command, until Ctrl-C. */
const SHELL = `
stty -echo
trap : INT
show() { i=0; while [ "$i" -lt "$1" ]; do cat ${TEXT}; i=$((i + 1)); done; printf '\\nall-of-it-%s\\n' shown; }
while :; do
  printf '\\nready> '
  IFS= read -r line || continue
  eval "$line"
done
`;

/** A plain shell takes the place of a window's program for as long as `use` takes. */
export async function withShellInWindow<T>(lab: Lab, window: WindowName, use: () => Promise<T>): Promise<T> {
  await lab.exec(["sh", "-c", `cat >${SCRIPT}`], { input: SHELL });
  await lab.sh(`base64 -w 100 /dev/urandom | head -c 1000000 >${TEXT}; chmod 644 ${SCRIPT} ${TEXT}`);
  const before = await tmux(lab, `display-message -p -t ai-infrastructure:${window} '#{pane_start_command}'`);
  await tmux(lab, `respawn-pane -k -t ai-infrastructure:${window} 'exec sh ${SCRIPT}'`);
  try {
    return await use();
  } finally {
    await tmux(lab, `respawn-pane -k -t ai-infrastructure:${window} ${before}`);
  }
}

async function tmux(lab: Lab, words: string): Promise<string> {
  return lab.sh(`runuser -u ai-infra -- tmux -S /run/ai-infrastructure/tmux/tmux.sock ${words}`);
}
