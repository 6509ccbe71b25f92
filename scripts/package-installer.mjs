// `npm run package:installer [-- --url ADDRESS] [--arch x64|arm64] [--out FOLDER]`: install.sh and its archives in
// release/installer/. The address is the folder that they will be served from.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildIfNeeded } from "./build.mjs";
import { fail, installPackages, node24, root } from "./setup.mjs";

if (Number(process.versions.node.split(".")[0]) < 24) {
  installPackages();
  const again = spawnSync(node24, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  process.exit(again.status ?? 1);
}

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "" },
    arch: { type: "string", multiple: true, default: ["x64", "arm64"] },
    out: { type: "string", default: path.join(root, "release", "installer") },
  },
});
const wanted = values.arch.map((name) =>
  name === "x64" || name === "arm64" ? name : fail(`No architecture is called ${name}`, "x64 or arm64"),
);
installPackages();
buildIfNeeded();
const { writeInstaller } = await import("./installer-archives.mjs");
await writeInstaller({ output: path.resolve(values.out), url: values.url, wanted });
