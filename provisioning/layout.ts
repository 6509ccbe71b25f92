import { AgentName, agentUser } from "../contract/agents.ts";
import { type DaemonConfig, END_CONSOLE } from "../contract/daemon-config.ts";
import type { WorkspaceLogin } from "../contract/workspace-database.ts";

/** Where everything of ours is on a server, and who it belongs to. */
export const DAEMON_USER = "ai-infra";
export const TEAM_GROUP = "ai-team";
export const AGENT_USERS = AgentName.options.map(agentUser);

export const INSTALL_DIR = "/opt/ai-infrastructure";
export const RELEASES_DIR = `${INSTALL_DIR}/releases`;
/** Root's alone, while another release is being tried: what to go back to. */
export const UPGRADE_DIR = `${INSTALL_DIR}/upgrade`;
export const CURRENT_RELEASE = `${INSTALL_DIR}/current`;
export const APPLIED_STAMP = `${INSTALL_DIR}/applied`;
export const NODE = `${CURRENT_RELEASE}/node`;
export const BUNDLE = `${CURRENT_RELEASE}/daemon.mjs`;
/** Beside the releases, whose daemons share it. */
export const MEMORY_MODEL_DIR = `${INSTALL_DIR}/memory-model`;
export const AGENT_CONSOLE = `${INSTALL_DIR}/bin/agent-console`;
export const START_CONSOLE = `${INSTALL_DIR}/bin/start-console`;
export { END_CONSOLE };
export const ATTACH_WINDOW = `${INSTALL_DIR}/bin/attach-window`;

export const CONFIG_DIR = "/etc/ai-infrastructure";
export const CONFIG_FILE = `${CONFIG_DIR}/daemon.json`;
/** What a person chose about this server. */
export const CHOICES_FILE = `${CONFIG_DIR}/choices.json`;
export const OPERATOR_HOOKS = `${CONFIG_DIR}/hooks.json`;
export const AGENTS_DIR = `${CONFIG_DIR}/agents`;
export const STATE_DIR = "/var/lib/ai-infrastructure";
export const LOG_DIR = "/var/log/ai-infrastructure";
export const RUN_DIR = "/run/ai-infrastructure";
export const WORKSPACE = "/workspace";
/** Which client changes this server at the moment. */
export const LEAD_DIR = "/run/ai-infrastructure-run";
/** Its age says when a person had all package updates installed last. */
export const PACKAGES_UPDATED = "/run/ai-infrastructure-packages-updated";

export const CREDENTIALS_DIR = "/etc/credstore.encrypted";
export const REDIS_CREDENTIAL = `${CREDENTIALS_DIR}/redis-password`;
export const MODEL_KEY = { name: "anthropic-key", path: `${CREDENTIALS_DIR}/anthropic-key` } as const;
export const SEARCH_KEY = { name: "search-key", path: `${CREDENTIALS_DIR}/search-key` } as const;
export const REDIS_CONFIG = "/etc/redis/redis.conf";
export const REDIS_INCLUDE = "/etc/redis/ai-infrastructure.conf";
/** The person's own way in besides root. */
export const ADMIN_USER = "admin";
export const ADMIN_SUDOERS = "/etc/sudoers.d/ai-infrastructure-admin";
/** Ends the line of each key that an app installed for itself. */
export const APP_KEY_COMMENT = "AI Infrastructure app";
/** Before every other drop-in: sshd takes the first value it reads. */
export const SSH_DROP_IN = "/etc/ssh/sshd_config.d/00-ai-infrastructure.conf";
export const FIREWALL = {
  table: "inet ai_infrastructure",
  file: `${CONFIG_DIR}/firewall.nft`,
  unit: "ai-infrastructure-firewall.service",
} as const;
/** After the other drop-ins: the jail of the distribution is told what it lacks. */
export const FAIL2BAN_JAIL = "/etc/fail2ban/jail.d/zz-ai-infrastructure.conf";
export const LOGGED_IN_LATELY = `${INSTALL_DIR}/bin/logged-in-lately`;
/** What it knows, root's alone. */
export const LOGINS = "/var/lib/ai-infrastructure-logins.json";
export const SUDOERS = "/etc/sudoers.d/ai-infrastructure";

export const DAEMON_UNIT = "ai-infrastructure.service";
export const AGENTS_UNIT = "ai-agents.service";
/** Of the windows and all agents in them. A dash in its name would put it below another slice. */
export const AGENTS_SLICE = "ai_agents.slice";
/** What systemd handed over to the daemon that runs; root can read it there. */
export const DAEMON_CREDENTIALS = `/run/credentials/${DAEMON_UNIT}`;
/** One instance for each connection. */
export const BROKER_NAME = "ai-infrastructure-broker";
export const BROKER_SOCKET_UNIT = `${BROKER_NAME}.socket`;
export const BROKER_SERVICE_UNIT = `${BROKER_NAME}@.service`;
/** Root's alone, unlike what is below `STATE_DIR`: from here root puts things back. */
export const BROKER_STATE_DIR = `/var/lib/${BROKER_NAME}`;
export const UNITS_DIR = "/etc/systemd/system";
export const POSTGRES_DROP_IN = `${UNITS_DIR}/postgresql@.service.d/ai-infrastructure.conf`;
export const MODEL_KEY_DROP_IN = `${UNITS_DIR}/${DAEMON_UNIT}.d/anthropic-key.conf`;
export const SEARCH_KEY_DROP_IN = `${UNITS_DIR}/${DAEMON_UNIT}.d/search-key.conf`;

/** After all that begin with a number: apt takes the last value it reads. */
export const UPDATES_CONFIG = "/etc/apt/apt.conf.d/zz-ai-infrastructure";
export const JOURNAL_DROP_IN = "/etc/systemd/journald.conf.d/ai-infrastructure.conf";
export const LOG_ROTATION = "/etc/logrotate.d/ai-infrastructure";
export const QDRANT_UNIT = "ai-infrastructure-qdrant.service";
export const QDRANT_USER = "ai-qdrant";
export const QDRANT_PROGRAM = `${INSTALL_DIR}/qdrant/qdrant`;
/** Says of which archive the program is. */
export const QDRANT_STAMP = `${INSTALL_DIR}/qdrant/archive`;
export const QDRANT_DIR = "/var/lib/ai-infrastructure-qdrant";
export const QDRANT_CONFIG = `${CONFIG_DIR}/qdrant.yaml`;
export const QDRANT_KEY = { name: "qdrant-key", path: `${CREDENTIALS_DIR}/qdrant-key` } as const;
export const QDRANT_KEY_DROP_IN = `${UNITS_DIR}/${DAEMON_UNIT}.d/qdrant-key.conf`;
export const SANDBOX_PROFILE = "/etc/apparmor.d/ai-infrastructure-bwrap";
export const DOCKER_CONFIG = "/etc/docker/daemon.json";
/** The last of all: sysctl takes the last value it reads. */
export const SYSCTL_DROP_IN = "/etc/sysctl.d/99-zz-ai-infrastructure.conf";
/** The values from before the drop-in. */
export const SYSCTL_BEFORE = `${CONFIG_DIR}/sysctl-before.conf`;

export const SWAP_FILE = "/swapfile.ai-infrastructure";

/** Our part of nginx's configuration, beside what others have there. */
export const NGINX = {
  folder: "/etc/nginx",
  defaultSite: "ai-infrastructure-default",
  /** In the first lines of each file of ours: a file of that name without it is somebody else's. */
  mark: "# Written by AI Infrastructure",
  /** There while the distribution's example site is switched off. */
  exampleOff: `${CONFIG_DIR}/nginx-example-off`,
} as const;
export const NGINX_DEFAULT = `${NGINX.folder}/sites-available/${NGINX.defaultSite}`;
export const NGINX_FILES: readonly string[] = [
  ...["ssl-params", "security-headers", "proxy-params", "rate-limit"].map(
    (name) => `${NGINX.folder}/snippets/${name}.conf`,
  ),
  `${NGINX.folder}/conf.d/rate-limiting.conf`,
  `${NGINX.folder}/conf.d/gzip.conf`,
  NGINX_DEFAULT,
];
export const CERTIFICATE_HOOK = "/etc/letsencrypt/renewal-hooks/deploy/ai-infrastructure-nginx";

export const POSTGRES = {
  socketDir: "/var/run/postgresql",
  port: 5432,
  user: DAEMON_USER,
  database: "ai_infrastructure",
} as const satisfies DaemonConfig["postgres"];

/** Agents whose work is to change data; the others read it. */
export const WORKSPACE_LOGINS: readonly WorkspaceLogin[] = AgentName.options.map((agent) => ({
  name: agentUser(agent),
  mayWrite: agent === "code" || agent === "data" || agent === "infra",
}));

export function homeOf(agent: AgentName): string {
  return `${STATE_DIR}/agents/${agent}`;
}

export interface Folder {
  readonly path: string;
  /** Such as `root:root`. */
  readonly owner: string;
  /** Octal, as `stat` prints it. */
  readonly mode: string;
}

/** Parents first. */
export const FOLDERS: readonly Folder[] = [
  { path: INSTALL_DIR, owner: "root:root", mode: "755" },
  { path: `${INSTALL_DIR}/bin`, owner: "root:root", mode: "755" },
  { path: RELEASES_DIR, owner: "root:root", mode: "755" },
  { path: CONFIG_DIR, owner: "root:root", mode: "755" },
  { path: AGENTS_DIR, owner: `${DAEMON_USER}:${DAEMON_USER}`, mode: "750" },
  { path: CREDENTIALS_DIR, owner: "root:root", mode: "700" },
  { path: STATE_DIR, owner: `${DAEMON_USER}:${TEAM_GROUP}`, mode: "710" },
  { path: `${STATE_DIR}/agents`, owner: `${DAEMON_USER}:${TEAM_GROUP}`, mode: "710" },
  ...AgentName.options.map((agent) => ({
    path: homeOf(agent),
    owner: `${agentUser(agent)}:${agentUser(agent)}`,
    mode: "750",
  })),
  { path: LOG_DIR, owner: `${DAEMON_USER}:${DAEMON_USER}`, mode: "750" },
  { path: WORKSPACE, owner: `${DAEMON_USER}:${TEAM_GROUP}`, mode: "2775" },
];
