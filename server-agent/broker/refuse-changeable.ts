import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";

const WRITABLE_BY_OTHERS = 0o022;

/**
 * What the broker obeys must be changeable by its owner alone: each file and every folder above it. A file that does
 * not exist is fine when nobody else could make it.
 */
export async function refuseChangeable(files: readonly string[], owner: number): Promise<void> {
  for (const file of files) {
    for (const place of placesOf(await resolved(file))) {
      const found = await stat(place).catch(ignoreMissing);
      if (found && (found.uid !== owner || (found.mode & WRITABLE_BY_OTHERS) !== 0)) throw changeable(file, place);
    }
  }
}

/** Itself, and all folders above, the highest last. */
function placesOf(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [file] : [file, ...placesOf(folder)];
}

async function resolved(file: string): Promise<string> {
  const found = await realpath(file).catch(ignoreMissing);
  return found ?? path.join(await resolved(path.dirname(file)), path.basename(file));
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

function changeable(file: string, place: string): AppError {
  return new AppError("broker.refused", `The broker does not start: ${place} can be changed by others than root`, {
    hint: `Give ${place} to root and take the right to write from all others.`,
    details: `It decides over ${file}`,
  });
}
