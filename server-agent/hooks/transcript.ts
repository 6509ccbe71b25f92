import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TranscriptForHooks } from "./create-hooks.ts";

export interface TranscriptParts {
  readonly folder: string;
  readonly session: string;
  readonly turn: string;
  readonly workspace: string;
  /** The conversation so far; it only grows. */
  readonly messages: () => readonly unknown[];
}

const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The conversation of a turn as a JSONL file, which hooks expect to find. Only a copy: the journal is the truth. Written
 * whole once and then added to, and only when a hook may look.
 */
export function createTranscript({ folder, session, turn, workspace, messages }: TranscriptParts): TranscriptForHooks {
  const file = path.join(folder, `${turn.replaceAll(/[^\w.-]/g, "-")}.jsonl`);
  let written: number | null = null;
  let writing: Promise<void> = Promise.resolve();
  const line = (message: unknown): string => {
    const type = (message as { role?: unknown }).role;
    const place = { sessionId: session, cwd: workspace, timestamp: new Date().toISOString(), uuid: randomUUID() };
    return `${JSON.stringify({ type, ...place, message })}\n`;
  };
  const write = async (): Promise<void> => {
    const all = messages();
    // The end of a session knows no messages; the file of its last turn stands.
    if (all.length === 0) return;
    const lines = all
      .slice(written ?? 0)
      .map(line)
      .join("");
    if (written === null) {
      await mkdir(folder, { recursive: true });
      await removeOld(folder);
      await writeFile(`${file}.new`, lines, { mode: 0o600 });
      await rename(`${file}.new`, file);
    } else if (lines !== "") await appendFile(file, lines);
    written = all.length;
  };
  return {
    path: file,
    async write() {
      writing = writing.then(write, write);
      await writing;
    },
  };
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}
