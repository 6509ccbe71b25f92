import type { Destructive } from "../../contract/approvals.ts";
import { LEVEL_RULES, type LevelRules } from "../../contract/permissions.ts";
import type { RootLosses } from "../../contract/root-losses.ts";
import { knownPart } from "../platform/known-part.ts";
import { outerPaths } from "../platform/outer-paths.ts";
import type { Ground, Part } from "./parts.ts";
import { isWithin, judgeFile } from "./paths.ts";
import { judgeArgv } from "./shell/judge-command.ts";
import { FOLLOWED_PROGRAMS } from "./shell/judge-program.ts";

/** Nothing is deleted or written over as root by right: whatever is, is a loss. */
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
  const findings = parts.flatMap((one) => one.findings);
  const found = [
    ...findings.flatMap(({ destructive }) => (destructive ? [lossOf(destructive)] : [])),
    overwriteLosses(findings.flatMap(({ overwrites }) => overwrites ?? [])),
  ];
  const isUnread = parts.some((one) => !isFollowed(one, ground));
  return {
    files: outerPaths(found.flatMap(({ files }) => files)),
    overwritten: [...new Set(found.flatMap(({ overwritten }) => overwritten))].sort(),
    repositories: outerPaths(found.flatMap(({ repositories }) => repositories)),
    databases: mergeDatabases(found.flatMap(({ databases }) => databases)),
    unkept: [...new Set([...found.flatMap(({ unkept }) => unkept), ...(isUnread ? [UNREAD] : [])])],
  };
}

const NONE: RootLosses = { files: [], overwritten: [], repositories: [], databases: [], unkept: [] };

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
  const { kept, unkept } = keepable(targets);
  return { ...NONE, files: kept, unkept };
}

function overwriteLosses(targets: readonly string[]): RootLosses {
  const { kept, unkept } = keepable(targets);
  return { ...NONE, overwritten: kept, unkept };
}

/** Devices are no files, and whose home `~` is, is known only when it runs. */
const NO_PLACES = ["/dev", "/~"];

function keepable(targets: readonly string[]): { readonly kept: string[]; readonly unkept: string[] } {
  const places = targets.map((target) => ({ target, place: knownPart(target) }));
  const isKept = (place: string | null): place is string =>
    place !== null && !NO_PLACES.some((folder) => isWithin(place, folder));
  const asMeant = (target: string, place: string): string =>
    target.endsWith("/") && !place.endsWith("/") ? `${place}/` : place;
  return {
    kept: places.flatMap(({ target, place }) => (isKept(place) ? [asMeant(target, place)] : [])),
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

/** What they write below where they are called stands in their input. */
const UNPACKERS = ["patch", "tar", "unzip"];

/** Whether its words say all that it destroys. Where it is called it may write nothing else. */
function isFollowed({ program, findings }: Part, ground: Ground): boolean {
  if (program !== null && !FOLLOWED_PROGRAMS.includes(program)) return false;
  if (findings.some(({ destructive }) => destructive && destructive.kind !== "files")) return true;
  const here = UNPACKERS.includes(program ?? "") ? [] : judgeFile("write", FOLDER, ground).map(({ reason }) => reason);
  return findings.every((one) => one.destructive || one.overwrites || here.includes(one.reason));
}
