import type { CredentialName } from "../platform/credentials.ts";
import type { Store } from "../store/open-store.ts";

/** Puts on record which credentials were handed to this process. */
export async function recordSecretReads(
  store: Store,
  secrets: Readonly<Record<CredentialName, string | null>>,
): Promise<void> {
  await store.change(async (_tx, _emit, audit) => {
    for (const [name, secret] of Object.entries(secrets)) {
      if (secret !== null) audit({ kind: "secret_read", detail: { name, by: "daemon", when: "start" } });
    }
    await Promise.resolve();
  });
}
