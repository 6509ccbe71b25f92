import { AppError } from "../contract/errors.ts";
import type { WebSearchWish } from "../contract/web-search.ts";
import { rootScript } from "./commands/script.ts";
import { restartDaemon } from "./commands/services.ts";
import { writeFile } from "./commands/write-file.ts";
import { readFacts } from "./facts.ts";
import { keepsSearchKey, withWebSearch } from "./files/daemon-config.ts";
import { searchKeyDropIn } from "./files/units.ts";
import { SEARCH_KEY_CREDENTIAL, SEARCH_KEY_DROP_IN } from "./layout.ts";
import { withInput } from "./shell.ts";
import type { Command, Shell } from "./shell.ts";

const ENCRYPT = `
umask 077
systemd-creds encrypt --name=search-key - "$1.new"
mv -T "$1.new" "$1"
`;

/** The key travels on standard input and lies on the server encrypted, readable for the daemon's service only. */
export function encryptSearchKey(key: string): Command {
  return withInput(rootScript(ENCRYPT, SEARCH_KEY_CREDENTIAL), key);
}

export function forgetSearchKey(): Command {
  return rootScript(`rm -f "$1" "$2"`, SEARCH_KEY_CREDENTIAL, SEARCH_KEY_DROP_IN);
}

/** Lets the daemon search with another provider. A key that is not for it is forgotten first. */
export async function storeWebSearch(shell: Shell, { search, key }: WebSearchWish, signal: AbortSignal): Promise<void> {
  const facts = await readFacts(shell, { signal });
  const config = withWebSearch(facts, search);
  if (config === null) {
    throw new AppError("daemon.unreachable", "There is no daemon on this server yet", {
      hint: "Provision the server first, then set who searches the web.",
    });
  }
  if (key !== null) {
    await shell.run(encryptSearchKey(key), { signal });
    await shell.run(writeFile(searchKeyDropIn), { signal });
  } else if (!keepsSearchKey(facts, search)) await shell.run(forgetSearchKey(), { signal });
  await shell.run(writeFile(config), { signal });
  await shell.run(restartDaemon(config), { signal, timeoutMs: 120_000 });
}
