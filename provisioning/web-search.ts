import { AppError } from "../contract/errors.ts";
import type { WebSearchWish } from "../contract/web-search.ts";
import { storeCredential } from "./commands/credentials.ts";
import { restartDaemon } from "./commands/services.ts";
import { removeFiles, writeFile } from "./commands/write-file.ts";
import { readFacts } from "./facts.ts";
import { keepsSearchKey, withWebSearch } from "./files/daemon-config.ts";
import { loadable } from "./files/loadable.ts";
import { searchKeyDropIn } from "./files/units.ts";
import { SEARCH_KEY, SEARCH_KEY_DROP_IN } from "./layout.ts";
import type { Shell } from "./shell.ts";

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
    await shell.run(storeCredential(SEARCH_KEY, key), { signal });
    await shell.run(writeFile(loadable(facts, searchKeyDropIn)), { signal });
  } else if (!keepsSearchKey(facts, search)) {
    await shell.run(removeFiles(SEARCH_KEY.path, SEARCH_KEY_DROP_IN), { signal });
  }
  await shell.run(writeFile(config), { signal });
  await shell.run(restartDaemon(config), { signal, timeoutMs: 120_000 });
}
