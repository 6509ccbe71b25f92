// `npm run test:electron`: the Electron specs on Electron's own binary. Without one they have run on the stand-in, as
// part of `npm test`, and this says so.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { findElectronDist } from "./electron-binary.mjs";
import { bin, installPackages, root } from "./setup.mjs";

installPackages();
const electron = findElectronDist();
if ("why" in electron) {
  console.log(`NOT TESTED ON ELECTRON: ${electron.why}.`);
  console.log("The same specs run on a stand-in for Electron's API in `npm test`.");
  process.exit(0);
}
buildIfNeeded();
const run = spawnSync(path.join(bin, "playwright"), ["test", "tests/e2e/electron.spec.ts"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: electron.dist,
    PATH: `${bin}${path.delimiter}${process.env["PATH"]}`,
  },
});
process.exit(run.status ?? 1);
