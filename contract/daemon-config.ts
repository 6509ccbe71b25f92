import { z } from "zod";
import { POLICY_FILE } from "./permissions.ts";
import { ModelName } from "./status.ts";
import { WebSearch } from "./web-search.ts";

const path = z.string().startsWith("/");
const GIB = 1024 ** 3;

export const SNAPSHOT_LIMITS = { maxBytes: 4 * GIB, maxTotalBytes: 20 * GIB, maxDays: 30 } as const;

/**
 * The daemon's configuration file, written by provisioning (`/etc/ai-infrastructure/daemon.json`) or by the host for
 * this computer. It holds no secret: those are files in `$CREDENTIALS_DIRECTORY`, named `redis-password`,
 * `anthropic-key`, `search-key` and `qdrant-key`, each optional.
 */
export const DaemonConfig = z.object({
  /** `server`: each agent is its own Unix user, reached through sudo. `local`: everything runs as one user. */
  mode: z.enum(["server", "local"]),
  /** Of the installed daemon. */
  version: z.string(),
  model: ModelName,
  /** Sockets: `api.sock`, `agents/<name>/daemon.sock`, `tmux/tmux.sock`. */
  runDir: path,
  stateDir: path,
  logDir: path,
  workspace: path,
  /** Where definitions of agents are overridden; agents must not be able to write there. See `agentsFolder`. */
  agentsDir: path.optional(),
  /** Where the operator installed the program of the `claude-code` driver. See `claudeCodeFolder`. */
  claudeCodeDir: path.optional(),
  /** The Node binary and the daemon bundle, for starting agent consoles. */
  node: path,
  bundle: path,
  /** Hooks of the operator, as in `.claude/settings.json`; may be missing. Agents can read it and not write it. */
  operatorHooks: path.optional(),
  postgres: z.object({ socketDir: path, port: z.number().int(), user: z.string(), database: z.string() }),
  redis: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("tcp"), host: z.string(), port: z.number().int() }),
    z.object({ kind: z.literal("unix"), path }),
  ]),
  /**
   * Where agents query, see `workspace-database.ts`: they log in as `user`, or as their Unix user without it, and act as
   * `reader` or `writer`.
   */
  workspaceDatabase: z
    .object({
      socketDir: path,
      port: z.number().int(),
      database: z.string(),
      user: z.string().optional(),
      reader: z.string(),
      writer: z.string(),
    })
    .optional(),
  /** How much of what actions destroy is kept. */
  snapshots: z
    .object({
      /** Of what one snapshot holds, before it is packed. */
      maxBytes: z.number().int().positive().default(SNAPSHOT_LIMITS.maxBytes),
      /** Of all, packed. */
      maxTotalBytes: z.number().int().positive().default(SNAPSHOT_LIMITS.maxTotalBytes),
      maxDays: z.number().positive().default(SNAPSHOT_LIMITS.maxDays),
    })
    .optional(),
  /** The folder of the model that finds by meaning in the memory; without it, or while it is empty, words alone count. */
  memoryModel: path.optional(),
  /** Where Qdrant is, the index of the memory on servers that have it and hand over its key; see `memory/`. */
  qdrant: z.object({ url: z.url() }).optional(),
  /** Who searches the web for agents; without it the model's own provider. */
  webSearch: WebSearch.optional(),
  /** Where the Messages API is; another address in tests. */
  anthropicUrl: z.url().default("https://api.anthropic.com"),
});
export type DaemonConfig = z.infer<typeof DaemonConfig>;

/** Where the policy of the machine stands: root's on a server, the person's own on this computer. */
export function policyFileOf({ mode, stateDir }: Pick<DaemonConfig, "mode" | "stateDir">): string {
  return mode === "server" ? POLICY_FILE : `${stateDir}/policy.json`;
}

export const API_SOCKET = "api.sock";
export const TMUX_SOCKET = "tmux/tmux.sock";
/** Of the broker: owned by root, in a folder that only root can change. */
export const BROKER_SOCKET = "/run/ai-infrastructure-broker.sock";
/** On a server: ends a console as its own user. */
export const END_CONSOLE = "/opt/ai-infrastructure/bin/end-console";
export const TMUX_SESSION = "ai-infrastructure";

/** The folder of `agents.yaml` and `<name>/AGENT.md`. */
export function agentsFolder({ agentsDir, mode, stateDir }: DaemonConfig): string {
  return agentsDir ?? (mode === "server" ? "/etc/ai-infrastructure/agents" : `${stateDir}/agent-definitions`);
}

/** Never filled by us: docs/claude-code-driver.md. */
export function claudeCodeFolder(config: Pick<DaemonConfig, "claudeCodeDir" | "mode" | "stateDir">): string {
  const { claudeCodeDir, mode, stateDir } = config;
  return claudeCodeDir ?? (mode === "server" ? "/opt/ai-infrastructure/claude-code" : `${stateDir}/claude-code`);
}

export function agentSocket(agent: string): string {
  return `agents/${agent}/daemon.sock`;
}

/**
 * For glibc in such a process. What V8 compiles with lies in blocks of 8 to 32 KiB: mapped one by one they go back to the
 * system when they are done with, instead of leaving holes in the heap.
 */
export const SMALL_MALLOC = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "8192" } as const;

/** For Node in a process that waits most of its life: small rather than fast, a quarter less memory. */
export const SMALL_PROCESS = [
  "--optimize-for-size",
  "--max-semi-space-size=1",
  "--single-threaded-gc",
  "--v8-pool-size=0",
] as const;
