import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Where programs are looked for: the person's PATH, then the system's folders, which desktops often leave out. */
export function programFolders(pathVariable = process.env["PATH"]): readonly string[] {
  const own = (pathVariable ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set([...own, ...SYSTEM_FOLDERS])];
}

/** The absolute path of the first of these names that is a program, or null. */
export function findProgram(...names: readonly string[]): string | null {
  const files = names.flatMap((name) => programFolders().map((folder) => path.join(folder, name)));
  return files.find(isProgram) ?? null;
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there or not for us: either way not a program that could be run.
    return false;
  }
}
