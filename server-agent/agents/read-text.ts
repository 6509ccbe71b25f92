import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../contract/errors.ts";
import { openFile, type Place } from "./open-place.ts";

/** Of lines, counted from 1. */
export interface LineRange {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

const MAX_READ_BYTES = 256 * 1024;
const MAX_WHOLE_BYTES = 4 * 1024 * 1024;
const MAX_SKIPPED_BYTES = 512 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const NEW_LINE = 10;

/** The beginning of a text, or some of its lines; what is left out is said at the end. */
export async function readText(place: Place, file: string, { offset = 1, limit }: LineRange): Promise<string> {
  const handle = await openRegular(place, file);
  try {
    const { size } = await handle.stat();
    const { bytes, end } = await readLines(handle, offset, limit ?? Number.POSITIVE_INFINITY);
    if (bytes.includes(0)) return `(binary file of ${size} bytes)`;
    if (bytes.length === 0 && offset > 1) throw new AppError("app.bad_input", `${file} has fewer than ${offset} lines`);
    const text = bytes.toString("utf8");
    return end < size ? `${text}${text.endsWith("\n") ? "" : "\n"}… ${size - end} bytes more` : text;
  } finally {
    await handle.close();
  }
}

/** A whole text, for changing it, with what tells whether somebody else changed it since. */
export async function readWhole(place: Place, file: string): Promise<{ text: string; version: string }> {
  const handle = await openRegular(place, file);
  try {
    const version = await versionOf(handle);
    const { size } = await handle.stat();
    if (size > MAX_WHOLE_BYTES) throw new AppError("app.bad_input", `${file} is larger than 4 MB`);
    const bytes = await handle.readFile();
    try {
      return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), version };
    } catch (cause) {
      throw new AppError("app.bad_input", `${file} is not a UTF-8 text`, { cause });
    }
  } finally {
    await handle.close();
  }
}

export async function versionOf(handle: Pick<FileHandle, "stat">): Promise<string> {
  const { ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

async function openRegular(place: Place, file: string): Promise<FileHandle> {
  const handle = await openFile(place, file, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new AppError("app.bad_input", `${file} is not a file`);
}

interface Lines {
  readonly bytes: Buffer;
  /** Where the next byte would be. */
  readonly end: number;
}

async function readLines(handle: FileHandle, offset: number, limit: number): Promise<Lines> {
  const kept: Buffer[] = [];
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let line = 1;
  let length = 0;
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return { bytes: Buffer.concat(kept), end: position };
    const from = line >= offset ? 0 : afterLines(buffer.subarray(0, bytesRead), offset - line);
    const skipped = buffer.subarray(0, from ?? bytesRead);
    line += countLines(skipped);
    if (from === null) {
      position += bytesRead;
      if (position > MAX_SKIPPED_BYTES) throw new AppError("app.bad_input", "That line is too far into the file");
      continue;
    }
    const rest = buffer.subarray(from, bytesRead);
    const stop = Math.min(afterLines(rest, offset + limit - line) ?? rest.length, MAX_READ_BYTES - length);
    kept.push(Buffer.from(rest.subarray(0, stop)));
    length += stop;
    line += countLines(rest.subarray(0, stop));
    position += from + stop;
    if (stop < rest.length || line >= offset + limit || length >= MAX_READ_BYTES) {
      return { bytes: Buffer.concat(kept), end: position };
    }
  }
}

/** Where the line after so many lines begins; null when there are fewer. */
function afterLines(bytes: Buffer, lines: number): number | null {
  let at = 0;
  for (let left = lines; left > 0; left -= 1) {
    const next = bytes.indexOf(NEW_LINE, at);
    if (next === -1) return null;
    at = next + 1;
  }
  return at;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) count += 1;
  return count;
}
