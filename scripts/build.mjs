// Builds everything into out/: the Electron main and preload, the page, the browser shell, the CLI and the daemon.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fail, node24, root } from "./setup.mjs";

const sources = ["contract", "pai", "provisioning", "resources", "scripts", "server-agent", "src-main", "src-renderer"];
const stamp = path.join(root, "out", ".built");

/** Builds only when a source changed since the last build. */
export function buildIfNeeded() {
  const state = sourceState();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  console.log("Building");
  const run = spawnSync(node24, [path.join(root, "scripts", "bundle.mjs")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  if (run.status !== 0) fail(`${run.stdout}${run.stderr}`, "The build failed.");
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** Names, sizes and times of all sources, as one hash. */
function sourceState() {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "electron.vite.config.ts", ...sources.flatMap(filesBelow)].sort()) {
    const found = statSync(path.join(root, file), { throwIfNoEntry: false });
    if (found) hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildIfNeeded();
