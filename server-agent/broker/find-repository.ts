import { lstat, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";

/**
 * The folders of the repository that a folder is in: its work and, where that lies elsewhere, its history. None when it is
 * in no repository: git does nothing there. Git itself is not asked: in a repository of somebody else it runs as root what
 * its configuration names.
 */
export async function findRepository(folder: string): Promise<string[]> {
  const real = await realpath(folder).catch(() => null);
  if (real === null) return [];
  for (let place = real; ; place = path.dirname(place)) {
    const git = await kindOf(path.join(place, ".git"));
    if (git === "folder") return [place];
    if (git === "file") return [place, await historyOf(place)];
    if (await isBare(place)) return [place];
    if (place === "/") return [];
  }
}

/** Of a linked worktree, which names in a file where its history is. */
async function historyOf(worktree: string): Promise<string> {
  const text = await readFile(path.join(worktree, ".git"), "utf8");
  const named = /^gitdir: (.+)\/worktrees\/[^/\n]+\n?$/.exec(text)?.[1];
  const history = named === undefined ? null : await realpath(path.resolve(worktree, named)).catch(() => null);
  if (history !== null && (await isBare(history))) return history;
  throw new AppError("broker.failed", `The history of the repository ${worktree} cannot be found`, {
    hint: "Name the repository itself: git -C FOLDER …",
  });
}

async function isBare(place: string): Promise<boolean> {
  const [head, objects, refs] = await Promise.all(
    ["HEAD", "objects", "refs"].map(async (name) => await kindOf(path.join(place, name))),
  );
  return head === "file" && objects === "folder" && refs === "folder";
}

async function kindOf(place: string): Promise<"file" | "folder" | null> {
  const found = await lstat(place).catch(() => null);
  if (found?.isDirectory()) return "folder";
  return found?.isFile() ? "file" : null;
}
