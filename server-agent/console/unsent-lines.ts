import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const Line = z.object({ id: z.string(), text: z.string() });
export type Line = z.infer<typeof Line>;

/** Lines typed at a window that the daemon has not taken yet. They outlive the console. */
export interface UnsentLines {
  list(): readonly Line[];
  /** Kept when it returns; throws when the disk refuses. */
  add(line: Line): void;
  remove(id: string): void;
}

export function openUnsentLines(file: string): UnsentLines {
  let lines = read(file);
  const store = (next: readonly Line[]): void => {
    lines = next;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(lines), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  };
  return {
    list: () => lines,
    add: (line) => store([...lines, line]),
    remove: (id) => store(lines.filter((line) => line.id !== id)),
  };
}

/** None when there is no file, or one that is not ours. */
function read(file: string): readonly Line[] {
  try {
    return z.array(Line).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}
