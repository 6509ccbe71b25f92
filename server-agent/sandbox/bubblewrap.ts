import { existsSync } from "node:fs";
import { AppError } from "../../contract/errors.ts";
import { runGroup } from "../platform/run-group.ts";
import type { Sandbox } from "./sandbox.ts";

/** The environment of every sandboxed command; nothing of ours is inherited. */
const ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/tmp",
  LANG: "C.UTF-8",
  TERM: "dumb",
} as const;

const SYSTEM_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const SYSTEM_FILES = [
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/localtime",
  "/etc/nsswitch.conf",
  "/etc/passwd",
  "/etc/group",
  "/etc/ssl/certs",
  "/etc/mime.types",
];

/** From strictest to weakest; older systems refuse to forbid further user namespaces. */
const NAMESPACES = [["--unshare-user", "--disable-userns"], ["--unshare-user"]] as const;
type Namespaces = (typeof NAMESPACES)[number];

/**
 * The first process of the namespace: when it ends, the kernel ends whatever the command left in the background. When
 * memory is short, a command is ended before any program of the machine.
 */
const RUN_TO_ITS_END = 'echo 1000 2>/dev/null >/proc/self/oom_score_adj; "$0" "$@"; exit $?';

const PROBE_TIMEOUT_MS = 10_000;

export interface Mounts {
  /** Folders that can be seen besides the workspace. */
  readonly reads?: readonly string[];
  /** What can be written, the workspace without this. */
  readonly writes?: readonly string[];
  /** What the user is called inside; its rights stay the same. Without it, as outside. */
  readonly userId?: number;
}

/** No network, no other processes, no privileges; read-only system, private `/tmp`, writable workspace. */
export function createBubblewrap(workspace: string, mounts: Mounts = {}): Sandbox {
  let probed: Promise<Namespaces> | null = null;
  return {
    async run(command, { cwd, env, ...options }) {
      probed ??= probe(workspace).catch((error: unknown) => {
        probed = null;
        throw error;
      });
      const argv = bubblewrapArgv({ workspace, ...mounts, cwd, command, namespaces: await probed });
      return await runGroup(argv, { ...options, env: { ...env, ...ENVIRONMENT } });
    },
  };
}

interface BubblewrapCall extends Mounts {
  readonly workspace: string;
  readonly cwd: string;
  readonly command: string;
  readonly namespaces: readonly string[];
}

export function bubblewrapArgv(call: BubblewrapCall): [string, ...string[]] {
  const { workspace, reads = [], writes = [workspace], userId, cwd, command, namespaces } = call;
  const isolation = [
    "--unshare-all",
    ...namespaces,
    "--die-with-parent",
    "--as-pid-1",
    "--new-session",
    "--cap-drop",
    "ALL",
  ];
  const readOnly = (places: readonly string[]): string[] => places.flatMap((place) => ["--ro-bind-try", place, place]);
  const system = readOnly([...SYSTEM_FOLDERS, ...SYSTEM_FILES]);
  const made = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"];
  const user = userId === undefined ? [] : ["--uid", String(userId)];
  const written = writes.flatMap((place) => ["--bind", place, place]);
  const own = [...made, ...readOnly(reads), "--ro-bind", workspace, workspace, ...written];
  const place = ["--remount-ro", "/", "--chdir", cwd];
  const shell = ["/bin/bash", "--norc", "--noprofile", "-c"];
  return [
    "bwrap",
    ...isolation,
    ...user,
    "--hostname",
    "sandbox",
    ...system,
    ...own,
    ...place,
    "--",
    ...shell,
    RUN_TO_ITS_END,
    ...shell,
    command,
  ];
}

async function probe(workspace: string): Promise<Namespaces> {
  const complaints: string[] = [];
  for (const namespaces of NAMESPACES) {
    const complaint = await tryNamespaces(workspace, namespaces);
    if (complaint === null) return namespaces;
    complaints.push(complaint);
  }
  throw new AppError("daemon.unhealthy", "Commands cannot run: the sandbox does not work here", {
    hint: "Install bubblewrap and allow unprivileged user namespaces, then try again.",
    details: complaints.join("\n"),
  });
}

/** Null when it works. */
async function tryNamespaces(workspace: string, namespaces: Namespaces): Promise<string | null> {
  if (!existsSync(workspace)) return `the workspace ${workspace} does not exist`;
  let output = "";
  const onOutput = (text: string): void => {
    output += text;
  };
  const argv = bubblewrapArgv({ workspace, cwd: workspace, command: "echo inside", namespaces });
  try {
    const end = await runGroup(argv, { env: ENVIRONMENT, timeoutMs: PROBE_TIMEOUT_MS, onOutput });
    return end.code === 0 && output.includes("inside") ? null : output.trim() || `bwrap ended with ${String(end.code)}`;
  } catch (error) {
    return `bwrap: ${error instanceof Error ? error.message : String(error)}`;
  }
}
