import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../contract/errors.ts";
import type { Received } from "../../contract/keeping.ts";
import { sizeText } from "../../contract/size-text.ts";

/** Where the copies lie: the daemon's user alone may enter it, and no sandbox shows it. */
export interface CopyFolder {
  /** Into a file beside the copy, which is kept only when that is said. */
  receive(id: string, body: Readable): Promise<Received>;
  /** Refused unless exactly this arrived since the daemon was started. */
  keep(id: string, received: Received): Promise<void>;
  /** Refused when it is not what was kept. */
  open(id: string, sha256: string): Promise<Readable>;
  remove(id: string): Promise<void>;
  /** Takes away what nobody knows of. */
  sweep(known: readonly string[]): Promise<void>;
}

/** Left to the database and everything else on the same disk. */
const LEFT_FREE_BYTES = 200 * 1024 * 1024;
const CHECK_EVERY_BYTES = 16 * 1024 * 1024;

export function openCopyFolder(folder: string): CopyFolder {
  const copyOf = (id: string): string => path.join(folder, `${safe(id)}.copy`);
  const partOf = (id: string): string => path.join(folder, `${safe(id)}.part`);
  const arrived = new Map<string, Received>();
  return {
    async receive(id, body) {
      arrived.delete(id);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      await refuseFull(folder);
      try {
        const received = await writePart(partOf(id), body, async () => await refuseFull(folder));
        arrived.set(id, received);
        return received;
      } catch (error) {
        await rm(partOf(id), { force: true });
        throw error;
      }
    },
    async keep(id, { bytes, sha256 }) {
      const before = arrived.get(id);
      if (before?.sha256 !== sha256 || before.bytes !== bytes) {
        // Said to a daemon that was started since: the copy is brought again.
        throw new AppError("snapshot.not_whole", `The copy ${id} has not arrived whole`);
      }
      await rename(partOf(id), copyOf(id));
      arrived.delete(id);
    },
    async open(id, sha256) {
      if ((await digestOf(copyOf(id))) === sha256) return createReadStream(copyOf(id));
      throw new AppError("snapshot.not_restorable", `The copy ${id} is not what was kept`, {
        hint: "Something other than the daemon has changed it on the server's disk. Nothing was restored.",
      });
    },
    async remove(id) {
      await Promise.all([copyOf(id), partOf(id)].map(async (file) => await rm(file, { force: true })));
    },
    async sweep(known) {
      const names = await readdir(folder).catch(() => []);
      const kept = new Set(known.map((id) => `${id}.copy`));
      const stray = names.filter((name) => /\.(copy|part)$/.test(name) && !kept.has(name));
      await Promise.all(stray.map(async (name) => await rm(path.join(folder, name), { force: true })));
    },
  };
}

function safe(id: string): string {
  if (/^[a-z]+_[0-9a-f]{24}$/.test(id)) return id;
  throw new AppError("app.bad_input", `${id} is no id of a snapshot`);
}

async function writePart(file: string, body: Readable, check: () => Promise<void>): Promise<Received> {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let unchecked = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      unchecked += chunk.length;
      hash.update(chunk);
      if (unchecked >= CHECK_EVERY_BYTES) {
        unchecked = 0;
        await check();
      }
      yield chunk;
    }
  }
  await pipeline(body, counted, createWriteStream(file, { mode: 0o600, flush: true }));
  return { bytes, sha256: hash.digest("hex") };
}

async function digestOf(file: string): Promise<string | null> {
  if (!(await stat(file).catch(() => null))) return null;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function refuseFull(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free > LEFT_FREE_BYTES) return;
  throw new AppError("snapshot.not_taken", `The disk with the snapshots has only ${sizeText(free)} left`, {
    hint: "Make room on the server, then let the agent try again",
  });
}
