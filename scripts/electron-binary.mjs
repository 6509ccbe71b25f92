// Where Electron's own binary is, when this machine has it or can get it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { bin, root } from "./setup.mjs";

const folder = path.join(root, "node_modules", "electron");

/** The folder with the unpacked binary, or why there is none. @returns {{ dist: string, binary: string } | { why: string }} */
export function findElectronDist() {
  const found = installedDist();
  if (found) return found;
  // Electron downloads its binary on demand, not at `npm ci`.
  const download = spawnSync(path.join(bin, "install-electron"), [], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    timeout: 300_000,
  });
  return installedDist() ?? { why: `Electron's binary could not be downloaded (${lastError(download.stderr)})` };
}

/** @returns {{ dist: string, binary: string } | null} */
function installedDist() {
  const name = path.join(folder, "path.txt");
  if (!existsSync(name)) return null;
  const dist = path.join(folder, "dist");
  const binary = path.join(dist, readFileSync(name, "utf8").trim());
  return existsSync(binary) ? { dist, binary } : null;
}

/** @param {string | null} text */
function lastError(text) {
  const lines = (text ?? "").split("\n").filter((line) => /error/i.test(line));
  return lines.at(-1)?.trim() ?? "no answer";
}
