import type { Level } from "../../contract/agents.ts";
import { LEVEL_RULES } from "../../contract/permissions.ts";

/**
 * What the tools of a level can do at most, themselves: what the level may, and what a person may allow it. Whether a
 * call may is decided before it runs.
 */
export interface Reach {
  /** Folders besides the workspace. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Folders besides the workspace that commands can see without anybody asking. */
  readonly shown: readonly string[];
  readonly hosts: readonly string[] | "any";
  /** The first host of a fetch may be another, because that was decided before. */
  readonly asksForHosts: boolean;
  readonly database: "none" | "reads" | "writes";
}

const WORKSPACE = "{workspace}";

export function reachOf(level: Level): Reach {
  const { reads, writes, hosts, database, asks } = LEVEL_RULES[level];
  const shown = reads.filter((place) => place !== WORKSPACE);
  return {
    reads: [...shown, ...asks.reads],
    writes: [...writes.filter((place) => place !== WORKSPACE), ...asks.writes],
    shown,
    hosts,
    asksForHosts: asks.hosts,
    database: asks.database === "writes" ? "writes" : database,
  };
}
