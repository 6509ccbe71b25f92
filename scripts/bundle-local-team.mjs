// The supervisor of the team on this computer, as one ESM file.
import path from "node:path";
import { build } from "esbuild";
import { root } from "./setup.mjs";

/** @param {string} outfile */
export async function bundleLocalTeam(outfile) {
  await build({
    entryPoints: [path.join(root, "src-main/local/team/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "warning",
  });
}
