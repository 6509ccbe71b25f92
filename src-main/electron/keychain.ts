import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SafeStorage } from "electron";
import { z } from "zod";
import type { Keychain } from "../servers/keychain.ts";

const Entries = z.record(z.string(), z.base64());
type Entries = z.infer<typeof Entries>;

type Storage = Pick<
  SafeStorage,
  "isEncryptionAvailable" | "getSelectedStorageBackend" | "encryptString" | "decryptString"
>;

/** Secrets in `file`, encrypted with a key that the keychain of the operating system holds. */
export function safeStorageKeychain(file: string, storage: Storage): Keychain {
  let lastWrite: Promise<void> = Promise.resolve();
  const change = (edit: (entries: Entries) => void): Promise<void> => {
    lastWrite = lastWrite.catch(() => undefined).then(() => editFile(file, edit));
    return lastWrite;
  };
  return {
    available: () => isRealKeychain(storage),
    async get(name: string): Promise<string | null> {
      const sealed = (await readEntries(file))[name];
      return sealed === undefined ? null : open(storage, sealed);
    },
    set(name: string, secret: string): Promise<void> {
      const sealed = storage.encryptString(secret).toString("base64");
      return change((entries) => {
        entries[name] = sealed;
      });
    },
    delete(name: string): Promise<void> {
      return change((entries) => {
        delete entries[name];
      });
    },
  };
}

/** Without a keyring Electron on Linux "encrypts" with a key anybody knows (`basic_text`), which we do not count. */
function isRealKeychain(storage: Storage): boolean {
  if (!storage.isEncryptionAvailable()) return false;
  return process.platform !== "linux" || storage.getSelectedStorageBackend() !== "basic_text";
}

/** Null when the keychain's key is another one by now: the person is asked again. */
function open(storage: Storage, sealed: string): string | null {
  try {
    return storage.decryptString(Buffer.from(sealed, "base64"));
  } catch {
    return null;
  }
}

async function readEntries(file: string): Promise<Entries> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  const entries = Entries.safeParse(parseJson(text));
  return entries.success ? entries.data : {};
}

async function editFile(file: string, edit: (entries: Entries) => void): Promise<void> {
  const entries = await readEntries(file);
  edit(entries);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(entries), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
