import {
  ADMIN_SUDOERS,
  AGENT_CONSOLE,
  AGENTS_UNIT,
  ATTACH_WINDOW,
  BROKER_SERVICE_UNIT,
  BROKER_SOCKET_UNIT,
  CERTIFICATE_HOOK,
  CONFIG_FILE,
  DAEMON_UNIT,
  END_CONSOLE,
  FAIL2BAN_JAIL,
  FIREWALL,
  NGINX_FILES,
  POSTGRES_DROP_IN,
  SUDOERS,
  UNITS_DIR,
} from "../layout.ts";

/** A text file that provisioning owns as a whole. */
export interface OurFile {
  readonly path: string;
  readonly text: string;
  /** Octal, as `stat` prints it. */
  readonly mode: string;
}

export const OUR_FILES: readonly string[] = [
  ADMIN_SUDOERS,
  AGENT_CONSOLE,
  ATTACH_WINDOW,
  CERTIFICATE_HOOK,
  CONFIG_FILE,
  END_CONSOLE,
  FAIL2BAN_JAIL,
  FIREWALL.file,
  `${UNITS_DIR}/${FIREWALL.unit}`,
  ...NGINX_FILES,
  POSTGRES_DROP_IN,
  SUDOERS,
  `${UNITS_DIR}/${DAEMON_UNIT}`,
  `${UNITS_DIR}/${AGENTS_UNIT}`,
  `${UNITS_DIR}/${BROKER_SERVICE_UNIT}`,
  `${UNITS_DIR}/${BROKER_SOCKET_UNIT}`,
];
