import { AgentName } from "../../contract/agents.ts";
import {
  ADMIN_SUDOERS,
  ADMIN_USER,
  AGENT_USERS,
  ATTACH_WINDOW,
  DAEMON_USER,
  END_CONSOLE,
  START_CONSOLE,
  SUDOERS,
} from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/**
 * Who may become whom for which program. No pty of sudo's own: the programs have tmux's or SSH's already. With no PAM
 * session or credentials to close, sudo becomes the program instead of waiting for it.
 */
export const sudoers: OurFile = {
  path: SUDOERS,
  mode: "440",
  text: `Defaults!${START_CONSOLE} !use_pty, !requiretty, !syslog, !pam_session, !pam_setcred
Defaults!${END_CONSOLE} !use_pty, !requiretty, !syslog, !pam_session, !pam_setcred
Defaults!${ATTACH_WINDOW} !use_pty, !requiretty, !syslog, !pam_session, !pam_setcred
${AgentName.options.map((agent) => `${DAEMON_USER} ALL=(root) NOPASSWD: ${START_CONSOLE} ${agent}`).join("\n")}
${DAEMON_USER} ALL=(${AGENT_USERS.join(", ")}) NOPASSWD: ${END_CONSOLE}
root, %${DAEMON_USER} ALL=(${DAEMON_USER}) NOPASSWD: ${ATTACH_WINDOW}
`,
};

/** The administrator has no password that sudo could ask for. */
export const adminSudoers: OurFile = {
  path: ADMIN_SUDOERS,
  mode: "440",
  text: `${ADMIN_USER} ALL=(ALL:ALL) NOPASSWD: ALL\n`,
};
