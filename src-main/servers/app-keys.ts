import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { loginText, type SshAddress } from "../../contract/ssh-address.ts";
import type { Keychain } from "./keychain.ts";

/** The private key that the app made for one login, in PEM form. */
export interface AppKeyStore {
  read(): Promise<string | null>;
  keep(privateKey: string): Promise<void>;
}

export interface AppKeys {
  of(address: SshAddress): AppKeyStore;
  /** The key of a login goes on to the address that the same server has from now on. */
  move(from: SshAddress, to: SshAddress): Promise<void>;
}

/**
 * Keys by address, in the keychain where there is one, else in files that only this user reads. They are never removed:
 * a server that refuses passwords may take no other key, and may be added again.
 */
export function createAppKeys(home: string, keychain: Keychain | undefined): AppKeys {
  const chain = keychain?.available() ? keychain : undefined;
  const folder = path.join(home, "keys");
  const of = (address: SshAddress): AppKeyStore => {
    const login = loginText(address);
    const file = path.join(folder, encodeURIComponent(login));
    return {
      read: async () => (await chain?.get(entry(login))) ?? (await readFileOrNull(file)),
      keep: (privateKey) => (chain ? chain.set(entry(login), privateKey) : writePrivate(file, privateKey)),
    };
  };
  return {
    of,
    async move(from, to) {
      const key = await of(from).read();
      if (key !== null && (await of(to).read()) === null) await of(to).keep(key);
    },
  };
}

function entry(login: string): string {
  return `app-key:${login}`;
}

async function readFileOrNull(file: string): Promise<string | null> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
