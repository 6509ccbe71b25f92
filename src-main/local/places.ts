import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";

/** Where the team of this computer keeps what. The host writes the first group only, the team the second only. */
export interface Places {
  readonly root: string;
  readonly config: string;
  readonly runtime: string;
  readonly credentials: string;

  /** Files of the supervisor. */
  readonly state: string;
  readonly postgres: string;
  readonly redis: string;
  readonly daemonState: string;
  readonly logs: string;
  readonly home: string;
  readonly workspace: string;
  /** Sockets. */
  readonly run: string;
}

/** The kernel's limit on the path of a Unix socket, without the ending zero. */
const MAX_SOCKET_PATH = 107;
const LONGEST_SOCKET = "/agents/supervisor/daemon.sock";
const ROOTS_OWN_FOLDER = "/var/lib/ai-infrastructure-local";

/**
 * In `home`, unless root starts a team, which then runs as a user that must be able to get there. Sockets stay there
 * too while their paths are short enough; otherwise they are in /tmp, not in $XDG_RUNTIME_DIR, which the system removes
 * at the last logout while the team goes on.
 */
export function findPlaces(home: string, isRoot: boolean): Places {
  const key = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const root = isRoot && !isOpenToAll(home) ? path.join(ROOTS_OWN_FOLDER, key) : path.join(home, "local");
  const run = path.join(root, "run");
  const isShort = Buffer.byteLength(run) + LONGEST_SOCKET.length <= MAX_SOCKET_PATH;
  return {
    root,
    config: path.join(root, "config"),
    runtime: path.join(root, "runtime"),
    credentials: path.join(root, "credentials"),
    state: path.join(root, "state"),
    postgres: path.join(root, "postgres"),
    redis: path.join(root, "redis"),
    daemonState: path.join(root, "daemon"),
    logs: path.join(root, "logs"),
    home: path.join(root, "home"),
    workspace: path.join(root, "workspace"),
    run: isShort ? run : path.join("/tmp", `ai-infrastructure-${key}`),
  };
}

/** Whether every user may pass through all folders on the way to `folder`, as far as they exist. */
function isOpenToAll(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found && (found.mode & 0o001) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || isOpenToAll(parent);
}
