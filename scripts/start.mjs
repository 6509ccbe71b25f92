// `npm start`: sets up, builds and opens the app, in Electron where its binary can be had, else in the browser.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { bin, installPackages, installPrograms, node24, root, teamNeeds } from "./setup.mjs";

installPackages();
installPrograms(teamNeeds);
buildIfNeeded();

const electron = findElectron();
if ("why" in electron) {
  console.log(`Opening in the browser, because ${electron.why}.`);
  run(node24, [path.join(root, "out", "browser", "browser.mjs"), "--open", ...process.argv.slice(2)]);
} else {
  run(electron.binary, [root, ...process.argv.slice(2)]);
}

/** @returns {{ binary: string } | { why: string }} */
function findElectron() {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"])
    return { why: "there is no graphical display here" };
  if (process.getuid?.() === 0) return { why: "Electron does not run as root" };
  return installedElectron() ?? downloadElectron();
}

function installedElectron() {
  const folder = path.join(root, "node_modules", "electron");
  const name = path.join(folder, "path.txt");
  if (!existsSync(name)) return null;
  const binary = path.join(folder, "dist", readFileSync(name, "utf8").trim());
  return existsSync(binary) ? { binary } : null;
}

/** Electron downloads its binary on demand, not at `npm ci`. */
function downloadElectron() {
  const download = spawnSync(path.join(bin, "install-electron"), [], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    timeout: 300_000,
  });
  return installedElectron() ?? { why: `Electron's binary could not be downloaded (${lastLine(download.stderr)})` };
}

/** @param {string | null} text */
function lastLine(text) {
  const lines = (text ?? "").split("\n").filter((line) => /error/i.test(line));
  return lines.at(-1)?.trim() ?? "no answer";
}

/** @param {string} program @param {string[]} parameters */
function run(program, parameters) {
  const child = spawn(program, parameters, { cwd: root, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
}
