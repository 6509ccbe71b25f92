import { readdir, readFile } from "node:fs/promises";

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Processor time of it and of its children that ended, in hundredths of a second. */
  readonly ticks: number;
}

/** All processes of this machine, as far as they may be seen. */
export async function readProcesses(): Promise<ProcessRow[]> {
  const names = await readdir("/proc");
  const rows = names.filter((name) => /^\d+$/.test(name)).map(readRow);
  return (await Promise.all(rows)).flatMap((row) => row ?? []);
}

/** A process and all below it. */
export function familyOf(root: number, rows: readonly ProcessRow[]): ProcessRow[] {
  const family = rows.filter(({ pid }) => pid === root);
  // Grows while it is walked.
  for (const { pid } of family) family.push(...rows.filter(({ parent }) => parent === pid));
  return family;
}

/** Memory that no other process has: what its user may not see of others is known of every process in this way. */
export async function ownMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = ["RssAnon", "RssShmem"].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return kilobytes.reduce((sum, found) => sum + Number(found ?? 0), 0) * 1024;
}

async function readRow(name: string): Promise<ProcessRow | null> {
  const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The name in brackets may hold anything; what follows the last bracket are plain fields, from field 3 on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number(name), parent: Number(fields[1]), ticks };
}
