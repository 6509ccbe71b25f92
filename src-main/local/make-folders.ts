import { chmodSync, chownSync, lstatSync, mkdirSync } from "node:fs";
import { AppError } from "../../contract/errors.ts";
import type { Places } from "./places.ts";
import type { TeamUser } from "./team-user.ts";

/**
 * Makes what is missing. When root starts the team, the host's folders stay root's, so that no agent can put a link
 * where root writes, and the team's folders are made for its user.
 */
export function makeFolders(places: Places, user: TeamUser): void {
  const isRoot = process.getuid?.() === 0;
  const [own, shared] = isRoot ? [0o755, 0o711] : [0o700, 0o700];
  try {
    if (isRoot) mkdirSync(places.root, { recursive: true, mode: 0o711 });
    makeFolder(places.root, shared, null);
    makeFolder(places.config, own, null);
    makeFolder(places.runtime, own, null);
    makeFolder(places.credentials, isRoot ? 0o750 : 0o700, isRoot ? { uid: 0, gid: user.gid } : null);
    for (const folder of teamFolders(places)) makeFolder(folder, 0o700, user);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("local.start_failed", `The folder ${places.root} could not be made`, {
      hint: "Check who owns it and that the disk has space, or choose another with AI_INFRA_HOME.",
      details: String(error),
      cause: error,
    });
  }
}

function teamFolders(places: Places): readonly string[] {
  const { state, postgres, redis, daemonState, logs, home, workspace, run } = places;
  return [state, postgres, redis, daemonState, logs, home, workspace, run];
}

type Owner = Pick<TeamUser, "uid" | "gid">;

function makeFolder(folder: string, mode: number, owner: Owner | null): void {
  const expected = owner?.uid ?? process.getuid?.() ?? 0;
  const made = mkdirSync(folder, { recursive: true, mode });
  if (made !== undefined) {
    if (owner !== null) chownSync(folder, owner.uid, owner.gid);
    chmodSync(folder, mode);
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === expected) return;
  throw new AppError("local.start_failed", `${folder} belongs to another user`, {
    hint: "Start the app as the user who started it first, or choose another folder with AI_INFRA_HOME.",
  });
}
