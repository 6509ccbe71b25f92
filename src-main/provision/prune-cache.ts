import { readdir, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";

/**
 * Of each kind of file, keeps the one in use and the one that was used before it: another app with the same cache may
 * be of the version before. Removes what earlier apps left, and what was being written by one that is gone.
 */
export async function pruneCache(folder: string, inUse: readonly string[]): Promise<void> {
  const now = new Date();
  await Promise.all(inUse.map((file) => utimes(file, now, now)));
  const used = new Set(inUse.map((file) => path.basename(file)));
  const names = (await readdir(folder)).filter((name) => !used.has(name));
  const kept = await lastOfEachKind(folder, names);
  const goes = (name: string) => (isArtifact(name) && !kept.has(name)) || isLeftHalfWritten(name);
  await Promise.all(names.filter(goes).map((name) => rm(path.join(folder, name), { force: true })));
}

/** The name of a compressed copy. */
export function artifactName(kind: string, sha256: string): string {
  return `${kind}-${sha256}.gz`;
}

const ARTIFACT = /^(?:([\w.]+)-)?[0-9a-f]{64}\.gz$/;
const BEING_WRITTEN = /^(?:[\w.]+-)?[0-9a-f]{64}\.gz\.(\d+)$/;

function isArtifact(name: string): boolean {
  return ARTIFACT.test(name);
}

function isLeftHalfWritten(name: string): boolean {
  const pid = BEING_WRITTEN.exec(name)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function lastOfEachKind(folder: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const last = new Map<string, { readonly name: string; readonly usedAt: number }>();
  for (const name of names) {
    const kind = ARTIFACT.exec(name)?.[1];
    if (kind === undefined) continue;
    // Another app may have pruned it in the meantime.
    const usedAt = (await stat(path.join(folder, name)).catch(() => null))?.mtimeMs ?? 0;
    if (usedAt >= (last.get(kind)?.usedAt ?? 0)) last.set(kind, { name, usedAt });
  }
  return new Set([...last.values()].map(({ name }) => name));
}
