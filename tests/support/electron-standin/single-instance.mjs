import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/**
 * True for the first process on a user data folder. A later one leaves its command line beside the lock and signals the
 * first, because Electron answers this question without waiting.
 */
export function claimInstance(userData, onSecond) {
  const lock = path.join(userData, "standin-instance");
  const note = `${lock}-second`;
  mkdirSync(userData, { recursive: true });
  const owner = ownerOf(lock);
  if (owner !== null) {
    writeFileSync(note, JSON.stringify({ argv: process.argv, cwd: process.cwd() }));
    process.kill(owner, "SIGUSR2");
    return false;
  }
  writeFileSync(lock, String(process.pid));
  process.on("exit", () => rmSync(lock, { force: true }));
  process.on("SIGUSR2", () => {
    const { argv, cwd } = JSON.parse(readFileSync(note, "utf8"));
    onSecond(argv, cwd);
  });
  return true;
}

/** The process that holds the lock, or null when there is none any more. */
function ownerOf(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}
