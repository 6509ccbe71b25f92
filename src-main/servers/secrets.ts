import type { Keychain } from "./keychain.ts";
import type { ConnectionSecrets } from "./link.ts";

export interface Secrets {
  of(serverId: string): ConnectionSecrets;
  /** Of the login to its jump host. */
  ofJump(serverId: string): ConnectionSecrets;
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
  const ofLogin = (login: string): ConnectionSecrets => ({
    passphrase: async (keyFile) => passphrases.get(keyFile) ?? (await chain?.get(entry(keyFile))) ?? undefined,
    async keepPassphrase(keyFile, passphrase, remember) {
      passphrases.set(keyFile, passphrase);
      if (remember) await chain?.set(entry(keyFile), passphrase);
    },
    password: () => passwords.get(login),
    keepPassword(password) {
      if (password === undefined) passwords.delete(login);
      else passwords.set(login, password);
    },
  });
  return {
    of: ofLogin,
    ofJump: (serverId) => ofLogin(jumpOf(serverId)),
    sudoPassword: (serverId) => sudoPasswords.get(serverId) ?? passwords.get(serverId),
    setSudoPassword: (serverId, password) => void sudoPasswords.set(serverId, password),
    forget(serverId) {
      passwords.delete(serverId);
      passwords.delete(jumpOf(serverId));
      sudoPasswords.delete(serverId);
    },
  };
}

function jumpOf(serverId: string): string {
  return `jump of ${serverId}`;
}

function entry(keyFile: string): string {
  return `passphrase:${keyFile}`;
}
