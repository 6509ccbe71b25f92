// `npm start`: sets up, builds and opens the app, in Electron where its binary can be had, else in the browser.
import { spawn } from "node:child_process";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { findElectronDist } from "./electron-binary.mjs";
import { installPackages, installPrograms, node24, root, teamNeeds } from "./setup.mjs";

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
  return findElectronDist();
}

/** @param {string} program @param {string[]} parameters */
function run(program, parameters) {
  const child = spawn(program, parameters, { cwd: root, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
}
