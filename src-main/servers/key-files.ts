import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** What `ssh` itself tries, in its order. */
export const USUAL_KEYS: readonly string[] = ["id_ed25519", "id_ecdsa", "id_rsa"];
const PRIVATE_KEY = /^(?:-----BEGIN [A-Z ]*PRIVATE KEY-----|PuTTY-User-Key-File-)/;
const HEAD_BYTES = 64;

/** The private keys in a folder, by the first line of each file; usual names come first. */
export async function readKeyFiles(folder = path.join(homedir(), ".ssh")): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name);
  const found = await Promise.all(names.map(async (name) => ((await isKey(path.join(folder, name))) ? [name] : [])));
  return found
    .flat()
    .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => withTilde(path.join(folder, name)));
}

/** False for what cannot be read, too. */
async function isKey(file: string): Promise<boolean> {
  return PRIVATE_KEY.test(await headOf(file).catch(() => ""));
}

async function headOf(file: string): Promise<string> {
  // Without waiting for a writer, should a link lead to a pipe.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function rank(name: string): number {
  const place = USUAL_KEYS.indexOf(name);
  return place === -1 ? USUAL_KEYS.length : place;
}

function withTilde(file: string): string {
  const home = `${homedir()}${path.sep}`;
  return file.startsWith(home) ? `~/${file.slice(home.length)}` : file;
}
