import { AgentName, agentUser } from "../../contract/agents.ts";
import {
  AGENT_USERS,
  DAEMON_USER,
  FOLDERS,
  homeOf,
  LOG_DIR,
  RUN_DIR,
  STATE_DIR,
  TEAM_GROUP,
  WORKSPACE,
} from "../layout.ts";
import { CONFIG_DIR, CREDENTIALS_DIR, INSTALL_DIR } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** Groups of the daemon's user besides its own. */
export const DAEMON_GROUPS: readonly string[] = [TEAM_GROUP, ...AGENT_USERS, "systemd-journal"];

const OUR_GROUPS = [DAEMON_USER, TEAM_GROUP, ...AGENT_USERS];

const MAKE_ACCOUNTS = `
group() { getent group "$1" >/dev/null || groupadd --system "$1"; }
user() {
  id -u "$1" >/dev/null 2>&1 ||
    useradd --system --gid "$1" --home-dir "$2" --no-create-home --shell /bin/bash --comment "AI Infrastructure" "$1"
  usermod --append --groups "$3" "$1"
}
folder() { mkdir -p "$1"; chown "$2" "$1"; chmod "$3" "$1"; }

${OUR_GROUPS.map((group) => `group ${group}`).join("\n")}
user ${DAEMON_USER} ${STATE_DIR} ${DAEMON_GROUPS.join(",")}
${AgentName.options.map((agent) => `user ${agentUser(agent)} ${homeOf(agent)} ${TEAM_GROUP}`).join("\n")}
${FOLDERS.map((folder) => `folder ${folder.path} ${folder.owner} ${folder.mode}`).join("\n")}
[ -z "$1" ] || usermod --append --groups ${DAEMON_USER} "$1"
`;

/** `loginUser` may reach the daemon's socket afterwards, from its next login on; null for root. */
export function makeAccounts(loginUser: string | null): Command {
  return rootScript(MAKE_ACCOUNTS, loginUser ?? "");
}

const REMOVE_ACCOUNTS = `
users="${[...AGENT_USERS, DAEMON_USER].join(" ")}"
for user in $users; do
  pkill -KILL -u "$user" || true
  tries=50
  while pgrep -u "$user" >/dev/null && [ "$tries" -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
  ! id -u "$user" >/dev/null 2>&1 || userdel "$user"
done
for group in ${OUR_GROUPS.join(" ")}; do ! getent group "$group" >/dev/null || groupdel "$group"; done
rm -rf ${STATE_DIR} ${LOG_DIR} ${INSTALL_DIR} ${CONFIG_DIR} ${RUN_DIR}
# Newer versions of systemd bring it themselves.
[ -e /usr/lib/tmpfiles.d/credstore.conf ] || rmdir ${CREDENTIALS_DIR} 2>/dev/null || true
[ ! -d ${WORKSPACE} ] || chown -Rh root:root ${WORKSPACE}
`;

export function removeAccounts(): Command {
  return rootScript(REMOVE_ACCOUNTS);
}
