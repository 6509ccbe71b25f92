import { chownSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Places } from "./places.ts";
import type { TeamUser } from "./team-user.ts";

export function keyFile(places: Places): string {
  return path.join(places.credentials, "anthropic-key");
}

/** Only the team's user can read it. */
export function writeModelKey(places: Places, user: TeamUser, key: string): void {
  const temporary = `${keyFile(places)}.${process.pid}`;
  writeFileSync(temporary, key, { mode: 0o600 });
  chownSync(temporary, user.uid, user.gid);
  renameSync(temporary, keyFile(places));
}
