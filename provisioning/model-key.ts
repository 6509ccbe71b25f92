import { AppError } from "../contract/errors.ts";
import { storeCredential } from "./commands/credentials.ts";
import { restartDaemon } from "./commands/services.ts";
import { writeFile } from "./commands/write-file.ts";
import { readFacts } from "./facts.ts";
import { withModel } from "./files/daemon-config.ts";
import { loadable } from "./files/loadable.ts";
import { modelKeyDropIn } from "./files/units.ts";
import { MODEL_KEY } from "./layout.ts";
import type { Shell } from "./shell.ts";

/** Stores the key, and lets the daemon use the model it is for. */
export async function storeModelKey(shell: Shell, key: string, signal: AbortSignal): Promise<void> {
  const facts = await readFacts(shell, { signal });
  const config = withModel(facts, "anthropic");
  if (config === null) {
    throw new AppError("daemon.unreachable", "There is no daemon on this server yet", {
      hint: "Provision the server first, then give the key.",
    });
  }
  await shell.run(storeCredential(MODEL_KEY, key), { signal });
  await shell.run(writeFile(loadable(facts, modelKeyDropIn)), { signal });
  await shell.run(writeFile(config), { signal });
  await shell.run(restartDaemon(config), { signal, timeoutMs: 120_000 });
}
