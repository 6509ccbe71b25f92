// The supervisor of the team on this computer, as one file that runs on any Node.
import { build } from "esbuild";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string} outfile */
export async function bundleLocalTeam(outfile) {
  await build({
    entryPoints: [path.join(root, "src-main/local/team/main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
}
