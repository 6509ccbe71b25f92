import type { Keychain } from "./keychain.ts";
import type { ConnectionSecrets } from "./link.ts";

export interface Secrets {
  of(serverId: string): ConnectionSecrets;
  sudoPassword(serverId: string): string | undefined;
  setSudoPassword(serverId: string, password: string): void;
  forget(serverId: string): void;
}

/** Passphrases, passwords and sudo passwords, in memory until the app ends. Passphrases may also go to the keychain. */
export function createSecrets(keychain: Keychain | undefined): Secrets {
  const passphrases = new Map<string, string>();
  const passwords = new Map<string, string>();
  const sudoPasswords = new Map<string, string>();
  const chain = keychain?.available() ? keychain : undefined;
  return {
    of: (serverId) => ({
      passphrase: async (keyFile) => passphrases.get(keyFile) ?? (await chain?.get(entry(keyFile))) ?? undefined,
      async keepPassphrase(keyFile, passphrase, remember) {
        passphrases.set(keyFile, passphrase);
        if (remember) await chain?.set(entry(keyFile), passphrase);
      },
      password: () => passwords.get(serverId),
      keepPassword(password) {
        if (password === undefined) passwords.delete(serverId);
        else passwords.set(serverId, password);
      },
    }),
    sudoPassword: (serverId) => sudoPasswords.get(serverId) ?? passwords.get(serverId),
    setSudoPassword: (serverId, password) => void sudoPasswords.set(serverId, password),
    forget(serverId) {
      passwords.delete(serverId);
      sudoPasswords.delete(serverId);
    },
  };
}

function entry(keyFile: string): string {
  return `passphrase:${keyFile}`;
}
