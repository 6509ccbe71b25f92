import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { WindowName } from "../../contract/agents.ts";

/** The end of a window's program, as the tmux server's script noted it. */
export interface ProgramEnd {
  readonly id: string;
  readonly at: Date;
  readonly window: WindowName;
  /** `code 0`, `signal 9`. */
  readonly how: string;
}

/** What was noted and not yet forgotten, oldest first. */
export async function readEnds(folder: string): Promise<ProgramEnd[]> {
  const names = await readdir(folder).catch(() => []);
  const ends = names.filter((name) => /^\d{19}$/.test(name)).map(async (name) => await readEnd(folder, name));
  return (await Promise.all(ends)).flatMap((end) => end ?? []).toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

export async function forgetEnd(folder: string, { id }: Pick<ProgramEnd, "id">): Promise<void> {
  await rm(path.join(folder, id), { force: true });
}

async function readEnd(folder: string, id: string): Promise<ProgramEnd | null> {
  const text = await readFile(path.join(folder, id), "utf8").catch(() => "");
  const [name, ...how] = text.trim().split(" ");
  const window = WindowName.safeParse(name);
  if (!window.success) return null;
  return { id, at: new Date(Number(id.slice(0, 13))), window: window.data, how: how.join(" ") };
}
