import { AppError } from "../contract/errors.ts";
import { rootScript } from "./commands/script.ts";
import { restartDaemon } from "./commands/services.ts";
import { writeFile } from "./commands/write-file.ts";
import { readFacts } from "./facts.ts";
import { withModel } from "./files/daemon-config.ts";
import { modelKeyDropIn } from "./files/units.ts";
import { MODEL_KEY_CREDENTIAL } from "./layout.ts";
import { withInput } from "./shell.ts";
import type { Command, Shell } from "./shell.ts";

const ENCRYPT = `
umask 077
systemd-creds encrypt --name=anthropic-key - "$1.new"
mv -T "$1.new" "$1"
`;

/** The key travels on standard input and lies on the server encrypted, readable for the daemon's service only. */
export function encryptModelKey(key: string): Command {
  return withInput(rootScript(ENCRYPT, MODEL_KEY_CREDENTIAL), key);
}

/** Stores the key, and lets the daemon use the model it is for. */
export async function storeModelKey(shell: Shell, key: string, signal: AbortSignal): Promise<void> {
  const config = withModel(await readFacts(shell, { signal }), "anthropic");
  if (config === null) {
    throw new AppError("daemon.unreachable", "There is no daemon on this server yet", {
      hint: "Provision the server first, then give the key.",
    });
  }
  await shell.run(encryptModelKey(key), { signal });
  await shell.run(writeFile(modelKeyDropIn), { signal });
  await shell.run(writeFile(config), { signal });
  await shell.run(restartDaemon(config), { signal, timeoutMs: 120_000 });
}
