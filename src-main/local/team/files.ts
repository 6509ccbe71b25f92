import { openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

const MAX_LOG_BYTES = 8 * 1024 * 1024;
const TAIL_CHARACTERS = 2000;

/** Readers see the old content or the new one, never half of it. */
export function writeJson(file: string, value: unknown): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Null when there is no such file, or when a crash of the machine left nonsense in it. */
export function readJson(file: string): unknown {
  const text = readText(file);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Opens a log to append to; one that has grown large is moved aside, in place of the one before. */
export function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, "a", 0o600);
}

export function tailOf(file: string): string {
  return (readText(file) ?? "").slice(-TAIL_CHARACTERS).trim();
}

export function removePath(file: string): void {
  rmSync(file, { force: true, recursive: true });
}
