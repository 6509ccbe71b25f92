import { readFile } from "node:fs/promises";
import path from "node:path";

const ROOT = "/sys/fs/cgroup";

/**
 * How many processes of our control group, to which sandboxed commands belong, the kernel has killed because the group's
 * memory was used up; 0 where this cannot be told.
 */
export async function memoryKills(read: (file: string) => Promise<string> = readText): Promise<number> {
  for (const file of countersOf(await read("/proc/self/cgroup"))) {
    const count = /^oom_kill (\d+)$/m.exec(await read(file))?.[1];
    if (count !== undefined) return Number(count);
  }
  return 0;
}

/** Where the groups are of version 2, and where memory has a hierarchy of its own. */
function countersOf(groups: string): string[] {
  return groups.split("\n").flatMap((line) => {
    const [, controllers, ...rest] = line.split(":");
    const group = rest.join(":");
    if (controllers === "") return [path.join(ROOT, group, "memory.events")];
    return controllers?.split(",").includes("memory") ? [path.join(ROOT, "memory", group, "memory.oom_control")] : [];
  });
}

async function readText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch(() => "");
}
