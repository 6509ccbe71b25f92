import { type CredentialName, CREDENTIALS, readCredential } from "./platform/credentials.ts";
import { createLog } from "./platform/log.ts";
import { createRedact } from "./platform/redact.ts";
import { markSecrets } from "./platform/secret-marks.ts";

/** The secrets of the daemon, and what keeps them out of everything written, here and in the consoles. */
export async function readSecrets() {
  const read = await Promise.all(CREDENTIALS.map(async (name) => [name, await readCredential(name)] as const));
  const credentials = Object.fromEntries(read) as Record<CredentialName, string | null>;
  const secrets = Object.values(credentials).filter((secret) => secret !== null);
  const log = createLog({ level: process.env["AI_INFRA_LOG_LEVEL"], secrets });
  return { credentials, log, redact: createRedact(secrets), secretMarks: markSecrets(secrets) };
}
