import { chownSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Places } from "./places.ts";
import type { TeamUser } from "./team-user.ts";

export type LocalCredential = "anthropic-key" | "search-key";

export function credentialFile(places: Places, name: LocalCredential): string {
  return path.join(places.credentials, name);
}

/** Only the team's user can read it. */
export function writeCredential(file: string, user: TeamUser, secret: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, secret, { mode: 0o600 });
  chownSync(temporary, user.uid, user.gid);
  renameSync(temporary, file);
}
