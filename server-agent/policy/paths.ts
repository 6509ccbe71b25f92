import path from "node:path";
import type { Destructive } from "../../contract/approvals.ts";
import { POLICY_PATHS, SEALED_PATHS } from "../../contract/permissions.ts";
import { ask, askPerson, deny, type Finding, type Ground } from "./parts.ts";

export type Access = "read" | "write" | "delete";

/** What every sandboxed command sees beside the level's own paths; see `sandbox/bubblewrap.ts`. */
const SYSTEM_READS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const SYSTEM_FILES = [
  "/etc/alternatives",
  "/etc/debian_version",
  "/etc/group",
  "/etc/hostname",
  "/etc/localtime",
  "/etc/mime.types",
  "/etc/nsswitch.conf",
  "/etc/os-release",
  "/etc/passwd",
  "/etc/ssl/certs",
  "/etc/timezone",
  "/proc/cpuinfo",
  "/proc/loadavg",
  "/proc/meminfo",
  "/proc/net/dev",
  "/proc/uptime",
  "/proc/version",
];
const HARMLESS_DEVICES = [
  "/dev/fd",
  "/dev/full",
  "/dev/null",
  "/dev/random",
  "/dev/stderr",
  "/dev/stdin",
  "/dev/stdout",
  "/dev/tty",
  "/dev/urandom",
  "/dev/zero",
];
/** The sandbox has one of its own. */
const SCRATCH = "/tmp";

/** Inside the workspace, these decide what other programs run later. */
const GUARDED_FOLDERS = [".git", ".claude"];

/** For file tools, which run outside the sandbox. */
export function judgeFile(access: Access, file: string, ground: Ground): readonly Finding[] {
  return judgePlace(access, path.resolve(ground.folder, file), ground);
}

/**
 * For commands: they may also read the system's programs and write to /tmp, which in the sandbox is their own. `place` is
 * absolute.
 */
export function judgeCommandPath(access: Access, place: string, ground: Ground): readonly Finding[] {
  const file = path.normalize(place);
  if (HARMLESS_DEVICES.some((device) => isWithin(file, device)) && access !== "delete") return [];
  const isOthers = access !== "read" && (ground.isOutside === true || (access === "delete" && file === SCRATCH));
  if (isWithin(file, SCRATCH) && !isOthers) return [];
  if (access === "read" && isSystemPath(file)) return [];
  return judgePlace(access, file, ground);
}

export function isSystemPath(file: string): boolean {
  return file === SCRATCH || [...SYSTEM_READS, ...SYSTEM_FILES].some((place) => isWithin(file, place));
}

export function isWithin(file: string, folder: string): boolean {
  return file === folder || folder === "/" || file.startsWith(`${folder}/`);
}

function judgePlace(access: Access, file: string, ground: Ground): readonly Finding[] {
  const { rules, workspace } = ground;
  const places = (list: readonly string[]): string[] => list.map((place) => place.replace("{workspace}", workspace));
  const covered = (list: readonly string[]): boolean => places(list).some((place) => isWithin(file, place));
  const own = access === "read" ? rules.reads : rules.writes;
  const asked = access === "read" ? rules.asks.reads : rules.asks.writes;
  const inWorkspace = isWithin(file, workspace);

  if (!inWorkspace && SEALED_PATHS.some((place) => isWithin(file, place))) {
    return [deny(`${file} holds secrets or is a door past the permissions: no agent may ${access} it`)];
  }
  const destructive: Destructive | undefined = access === "delete" ? { kind: "files", targets: [file] } : undefined;
  if (covered(own)) {
    if (access === "delete" && !inWorkspace)
      return [ask(`deletes ${file}, which is outside the workspace`, destructive)];
    const guarded = file.split("/").find((name) => GUARDED_FOLDERS.includes(name));
    if (access === "read" || guarded === undefined) return [];
    return [ask(`changes ${file}: what is in ${guarded} decides what other programs run`, destructive)];
  }
  if (!covered(asked)) return [deny(`${file} may not be ${DONE[access]} at level "${rules.name}"`)];
  if (access !== "read" && POLICY_PATHS.some((place) => isWithin(file, place))) {
    return [askPerson(`changes ${file}, on which the permissions rest`, destructive)];
  }
  return [ask(`${access}s ${file}, outside of what level "${rules.name}" may ${access} by itself`, destructive)];
}

const DONE: Readonly<Record<Access, string>> = { read: "read", write: "written", delete: "deleted" };
