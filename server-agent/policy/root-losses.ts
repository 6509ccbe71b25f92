import type { Destructive } from "../../contract/approvals.ts";
import { LEVEL_RULES, type LevelRules } from "../../contract/permissions.ts";
import type { RootLosses } from "../../contract/root-losses.ts";
import { knownPart } from "../platform/known-part.ts";
import { outerPaths } from "../platform/outer-paths.ts";
import type { Ground, Part } from "./parts.ts";
import { isWithin, judgeFile } from "./paths.ts";
import { judgeArgv } from "./shell/judge-command.ts";
import { FOLLOWED_PROGRAMS } from "./shell/judge-program.ts";

/** Nothing is deleted as root by right: whatever is, is a loss. */
const RULES: LevelRules = { ...LEVEL_RULES[3], reads: ["/"], writes: [], programs: FOLLOWED_PROGRAMS };
const FOLDER = "/";
const UNREAD = "what else it may change, which is known only when it runs";

/**
 * What a command as root would destroy. The daemon says it in its question, the broker keeps it: pure, so that both find
 * the same.
 */
export function rootLosses(argv: readonly string[], workspace: string): RootLosses {
  const ground: Ground = { rules: RULES, workspace, folder: FOLDER, isOutside: true };
  const parts = judgeArgv(argv, ground, FOLDER);
  const lost = parts.flatMap(({ findings }) => findings.flatMap(({ destructive }) => destructive ?? []));
  const found = lost.map(lossOf);
  const isUnread = parts.some((one) => !isFollowed(one, ground));
  return {
    files: outerPaths(found.flatMap(({ files }) => files)),
    repositories: outerPaths(found.flatMap(({ repositories }) => repositories)),
    databases: mergeDatabases(found.flatMap(({ databases }) => databases)),
    unkept: [...new Set([...found.flatMap(({ unkept }) => unkept), ...(isUnread ? [UNREAD] : [])])],
  };
}

const NONE: RootLosses = { files: [], repositories: [], databases: [], unkept: [] };

function lossOf(lost: Destructive): RootLosses {
  switch (lost.kind) {
    case "files":
      return fileLosses(lost.targets);
    case "git":
      // Other repositories are theirs to keep, who hold them.
      if (lost.remotes || !lost.within) return { ...NONE, unkept: ["what git replaces elsewhere"] };
      return { ...NONE, repositories: lost.within };
    case "database":
      if (lost.databases) return { ...NONE, databases: lost.databases };
      if (lost.within) return fileLosses(lost.within);
      return { ...NONE, unkept: lost.targets.map((target) => `the database's ${target}`) };
    case "service":
    case "container":
    case "dns":
      return { ...NONE, unkept: lost.targets.map((target) => `the ${lost.kind} ${target}`) };
  }
}

function fileLosses(targets: readonly string[]): RootLosses {
  const places = targets.map((target) => ({ target, place: knownPart(target) }));
  const isKept = (place: string | null): place is string => place !== null && !isWithin(place, "/dev");
  return {
    ...NONE,
    files: places.flatMap(({ place }) => (isKept(place) ? [place] : [])),
    unkept: places.flatMap(({ target, place }) => (isKept(place) ? [] : [target])),
  };
}

type Databases = RootLosses["databases"];

/** All tables of a database together; the whole of it when one loss is. */
function mergeDatabases(databases: Databases): Databases {
  return [...new Set(databases.map(({ name }) => name))].map((name) => {
    const same = databases.filter((one) => one.name === name);
    const isWhole = same.some(({ tables }) => tables.length === 0);
    return { name, tables: isWhole ? [] : [...new Set(same.flatMap(({ tables }) => tables))] };
  });
}

/** Whether its words say all that it destroys. Where it is called it may write nothing else. */
function isFollowed({ program, findings }: Part, ground: Ground): boolean {
  if (program !== null && !FOLLOWED_PROGRAMS.includes(program)) return false;
  if (findings.some(({ destructive }) => destructive)) return true;
  const here = judgeFile("write", FOLDER, ground).map(({ reason }) => reason);
  return findings.every(({ reason }) => here.includes(reason));
}
