// `npm run bench`: speed and size as ratios against a baseline of the same run. `npm run bench -- page-size` runs one.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { installPackages, installPrograms, node24, root, testNeeds } from "./setup.mjs";

installPackages();
installPrograms(testNeeds);
buildIfNeeded();
const run = spawnSync(node24, [path.join(root, "tests", "bench", "run.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
