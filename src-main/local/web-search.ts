import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isSameSearch, WebSearch, type WebSearchWish } from "../../contract/web-search.ts";
import { credentialFile, writeCredential } from "./credentials.ts";
import type { Places } from "./places.ts";
import type { TeamUser } from "./team-user.ts";

/** Who searches the web for the team of this computer; undefined for the model's own provider. */
export function readWebSearch(places: Places): WebSearch | undefined {
  const file = settingFile(places);
  return existsSync(file) ? WebSearch.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** Only the team's user can read the key. One that is not for this provider at this address is forgotten first. */
export function writeWebSearch(places: Places, user: TeamUser, { search, key }: WebSearchWish): void {
  const keyFile = credentialFile(places, "search-key");
  if (key !== null) writeCredential(keyFile, user, key);
  else if (!isSameSearch(readWebSearch(places), search)) rmSync(keyFile, { force: true });
  if (search === null) return rmSync(settingFile(places), { force: true });
  const temporary = `${settingFile(places)}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(search), { mode: 0o644 });
  renameSync(temporary, settingFile(places));
}

function settingFile(places: Places): string {
  return path.join(places.config, "web-search.json");
}
