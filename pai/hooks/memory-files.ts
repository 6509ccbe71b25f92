import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { isRecord } from "./hook-input.ts";

const MAX_TAIL_BYTES = 256 * 1024;

/** One write at the end. A line that an earlier writer tore stays torn: this one begins on a line of its own. */
export function appendLine(file: string, value: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const handle = openSync(file, "a+", 0o640);
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    const isTorn = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
    writeSync(handle, `${isTorn ? "\n" : ""}${JSON.stringify(value)}\n`);
  } finally {
    closeSync(handle);
  }
}

/** The newest lines, oldest first, without those that are torn. None when there is no file. */
export function readLastLines(file: string): readonly Readonly<Record<string, unknown>>[] {
  return readTail(file).split("\n").flatMap(parseLine);
}

/** Readers see the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: 0o640, flush: true });
  renameSync(temporary, file);
}

/** Null when it does not exist. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Sorted; none when the folder does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** A name that stays one name within a folder. */
export function safeName(text: string): string {
  const name = text.replaceAll(/[^\w-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return name.slice(0, 80) || "unnamed";
}

/** Such as `2026-11-24-093005`: UTC, as every time in the memory. */
export function timeName(now: Date): string {
  return now.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
}

function readTail(file: string): string {
  const size = sizeOf(file);
  if (size === 0) return "";
  const handle = openSync(file, "r");
  try {
    const length = Math.min(size, MAX_TAIL_BYTES);
    const bytes = Buffer.alloc(length);
    const read = readSync(handle, bytes, 0, length, size - length);
    return bytes.toString("utf8", 0, read);
  } finally {
    closeSync(handle);
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? [value] : [];
  } catch {
    return []; // torn, or empty
  }
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
