import { mkdir, open, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { foldLines, NO_NOTES, type HeadNotes, type NoteLine } from "./head-notes.ts";

const NEW_LINE = 10;

/** The notes about one server's trail: lines that are only ever added, also by other shells at the same time. */
export interface HeadsFile {
  read(): Promise<HeadNotes>;
  append(line: NoteLine): Promise<void>;
}

export function headsFile(home: string, serverId: string): HeadsFile {
  const file = path.join(home, "audit-heads", `${encodeURIComponent(serverId)}.jsonl`);
  let notes = NO_NOTES;
  let offset = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: what was read so far is kept, so that a check reads the new lines only. */
  const inTurn = async <T>(work: (handle: FileHandle) => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const handle = await open(file, "a+", 0o600);
      try {
        return await work(handle);
      } finally {
        await handle.close();
      }
    });
    last = turn.catch(() => {});
    return await turn;
  };

  return {
    read: () =>
      inTurn(async (handle) => {
        const { size } = await handle.stat();
        if (size < offset) [notes, offset] = [NO_NOTES, 0];
        const bytes = await readBytes(handle, offset, size);
        // A last line without its end is torn, or another shell is writing it: it counts once something follows.
        const end = bytes.lastIndexOf(NEW_LINE) + 1;
        const lines = bytes.toString("utf8", 0, end).split("\n").filter(Boolean);
        notes = foldLines(notes, lines);
        offset += end;
        return notes;
      }),
    append: (line) =>
      inTurn(async (handle) => {
        const { size } = await handle.stat();
        const isTorn = size > 0 && (await readBytes(handle, size - 1, size))[0] !== NEW_LINE;
        await handle.appendFile(`${isTorn ? "\n" : ""}${JSON.stringify(line)}\n`);
        await handle.datasync();
      }),
  };
}

async function readBytes(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
}
