// `npm run package`: the app's folder for Linux in release/. With --standin it is made around a file that is not
// Electron, to check what electron-builder does here: a packaging check, not an installable app.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { findElectronDist } from "./electron-binary.mjs";
import { bin, fail, installPackages, node24, root } from "./setup.mjs";
import { writeStandinDist } from "./standin-dist.mjs";

const isStandin = process.argv.includes("--standin");
const output = path.join(root, "release", isStandin ? "packaging-check" : "app");

installPackages();
buildIfNeeded();
const run = spawnSync(
  node24,
  [
    path.join(bin, "electron-builder"),
    "--linux",
    "--dir",
    `--config.directories.output=${output}`,
    `--config.electronVersion=${electronVersion()}`,
    `--config.electronDist=${electronDist()}`,
  ],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
if (run.status !== 0) fail("Packaging failed", "See its messages above.");
console.log(`${isStandin ? "Packaging check, not an installable app" : "Packaged"}: ${output}`);

function electronDist() {
  if (isStandin) {
    const folder = path.join(root, "release", "standin-dist");
    writeStandinDist(folder, electronVersion());
    return folder;
  }
  const found = findElectronDist();
  if ("dist" in found) return found.dist;
  return fail(found.why, "Run this where it can be, or check the packaging alone: npm run package -- --standin");
}

function electronVersion() {
  return JSON.parse(readFileSync(path.join(root, "node_modules", "electron", "package.json"), "utf8")).version;
}
