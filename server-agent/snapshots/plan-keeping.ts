import path from "node:path";
import type { Destructive } from "../../contract/approvals.ts";
import { BROKER_TOOLS } from "../../contract/broker.ts";
import type { KeepPlan } from "../../contract/keeping.ts";
import { knownPart } from "../platform/known-part.ts";
import { namedTables } from "../platform/named-tables.ts";
import { outerPaths } from "../platform/outer-paths.ts";

export interface CallToKeepFor {
  readonly tool: string;
  readonly input: unknown;
  /** What the policy says that it destroys. */
  readonly destroys: readonly Destructive[];
}

/** What has to be kept before a call that is more than its agent may do by itself. */
export type Keeping =
  | { readonly state: "nothing" }
  | { readonly state: "copy"; readonly plan: KeepPlan }
  /** The call must not run. */
  | { readonly state: "impossible"; readonly reason: string };

/** Git would then work on another repository than the folder's. */
const ELSEWHERE = /\bGIT_[A-Z]|--(git-dir|work-tree|namespace)\b/;

export function planKeeping({ tool, input, destroys }: CallToKeepFor, folder: string): Keeping {
  // The broker keeps what its verbs destroy.
  if (Object.hasOwn(BROKER_TOOLS, tool)) return { state: "nothing" };
  const file = tool === "write_file" || tool === "edit_file" ? textOf(input, "path") : null;
  if (file !== null) return copy({ kind: "files", places: [path.resolve(folder, file)] });
  const [first] = destroys;
  if (!first) return { state: "nothing" };
  if (destroys.some(({ kind }) => kind !== first.kind)) {
    return impossible("it destroys things of several kinds. Do one after the other");
  }
  switch (first.kind) {
    case "files":
      return keepFiles(destroys.flatMap(({ targets }) => targets));
    case "git":
      return keepRepositories(destroys, textOf(input, "command") ?? "");
    case "database":
      return keepTables(tool, textOf(input, "sql") ?? "", destroys);
    case "service":
    case "container":
    case "dns":
      return impossible(`what ${tool} does to a ${first.kind} cannot be undone from here. Use the tool for it`);
  }
}

function keepFiles(targets: readonly string[]): Keeping {
  const places = targets.map((target) => knownPart(target)?.replace(/\/$/, "") ?? null);
  const unknown = targets.find((_target, at) => places[at] === null);
  if (unknown !== undefined) return impossible(`${unknown} is known only when it runs. Name the files or the folder`);
  return copy({ kind: "files", places: outerPaths(places.filter((place) => place !== null)) });
}

function keepRepositories(destroys: readonly Destructive[], command: string): Keeping {
  const folders = destroys.flatMap(({ within }) => within ?? []);
  if (destroys.some(({ within }) => !within) || ELSEWHERE.test(command)) {
    return impossible("the repository is known only when it runs. Name its folder: git -C FOLDER …");
  }
  const isPush = destroys.every(({ remotes }) => remotes);
  const remotes = isPush ? destroys.flatMap((one) => one.remotes ?? []) : null;
  return copy({ kind: "git", folders: [...new Set(folders)], remotes });
}

function keepTables(tool: string, sql: string, destroys: readonly Destructive[]): Keeping {
  if (tool === "query_database") return copy({ kind: "database", names: namedTables(sql) });
  if (destroys.every(({ within }) => within)) return keepFiles(destroys.flatMap(({ within }) => within ?? []));
  return impossible(`nothing is known of this database. Use query_database for the database of the workspace`);
}

function copy(plan: KeepPlan): Keeping {
  return { state: "copy", plan };
}

function impossible(reason: string): Keeping {
  return { state: "impossible", reason };
}

function textOf(input: unknown, key: string): string | null {
  const value = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : null;
  return typeof value === "string" ? value : null;
}
