// The bundles themselves; runs on the project's Node 24. `build.mjs` decides whether it is needed.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { bundleDaemon } from "./bundle-daemon.mjs";
import { bundleLocalTeam } from "./bundle-local-team.mjs";
import { bundleMemoryModel } from "./bundle-memory-model.mjs";
import { bin, root } from "./setup.mjs";

/** What the terminal and the CLI need on Node: one ESM file each; the native PTY stays a package. */
/** @satisfies {import("esbuild").BuildOptions} */
const nodeProgram = {
  bundle: true,
  platform: /** @type {const} */ ("node"),
  target: "node24",
  format: /** @type {const} */ ("esm"),
  // ssh2 compiles optional native parts; without them it uses its own code, which is what we want everywhere.
  external: ["@lydell/node-pty", "cpu-features", "*.node"],
  banner: {
    js: [
      'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
      "const __dirname = import.meta.dirname, __filename = import.meta.filename;",
    ].join("\n"),
  },
  logLevel: /** @type {const} */ ("warning"),
};

const electronVite = spawnSync(path.join(bin, "electron-vite"), ["build", "--logLevel", "warn"], {
  cwd: root,
  stdio: "inherit",
});
if (electronVite.status !== 0) process.exit(1);

await Promise.all([
  build({
    ...nodeProgram,
    entryPoints: [path.join(root, "src-main/cli/main.ts")],
    outfile: path.join(root, "out/cli/cli.mjs"),
  }),
  build({
    ...nodeProgram,
    entryPoints: [path.join(root, "src-main/browser/main.ts")],
    outfile: path.join(root, "out/browser/browser.mjs"),
  }),
  build({
    ...nodeProgram,
    minify: true,
    entryPoints: [path.join(root, "src-main/installer/main.ts")],
    outfile: path.join(root, "out/installer/install.mjs"),
  }),
  bundleDaemon(path.join(root, "out/daemon/daemon.mjs")),
  bundleLocalTeam(path.join(root, "out/local/local-team.mjs")),
  bundleMemoryModel(path.join(root, "out/memory-model")),
]);
