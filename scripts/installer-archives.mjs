// One archive for each architecture, with all that `install.sh` needs on a server, and the script that fetches them.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { prepareRelease } from "../src-main/provision/artifact.ts";
import { fail, root } from "./setup.mjs";

/** By the names that Node and `uname -m` have for them. */
const architectures = /** @type {const} */ ({ x64: "x86_64", arm64: "aarch64" });

/** @typedef {keyof typeof architectures} Architecture */
/** @typedef {{ output: string, url: string, wanted: readonly Architecture[] }} Order */

const { version } = readJson(path.join(root, "package.json"));
const nodeVersion = readJson(path.join(root, "node_modules", "node", "package.json")).version;

/** @param {Order} order */
export async function writeInstaller({ output, url, wanted }) {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  /** @type {Record<string, string>} */
  const values = { VERSION: version, BASE_URL: url };
  for (const architecture of wanted) {
    const archive = await writeArchive(output, architecture);
    const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
    values[`SHA256_${architectures[architecture].toUpperCase()}`] = sum;
    console.log(`${archive}\n  SHA-256 ${sum}`);
  }
  writeFileSync(path.join(output, "install.sh"), withValues(values), { mode: 0o755 });
}

/** @param {string} output @param {Architecture} architecture */
async function writeArchive(output, architecture) {
  const folder = path.join(output, architecture);
  mkdirSync(folder);
  const daemon = path.join(root, "out", "daemon", "daemon.mjs");
  const memoryModel = path.join(root, "out", "memory-model");
  const node = nodeFor(architecture);
  const machine = architectures[architecture];
  const cacheDir = path.join(root, "out", "installer", machine);
  const release = await prepareRelease({ version, node, daemon, memoryModel, cacheDir });
  const described = {
    version,
    architecture: machine,
    node: await putArtifact(release.node, folder, "node.gz"),
    daemon: await putArtifact(release.daemon, folder, "daemon.gz"),
    memoryModel: await Promise.all(
      release.memoryModel.map(async ({ name, artifact }) => {
        return { name, ...(await putArtifact(artifact, folder, `${name}.gz`)) };
      }),
    ),
  };
  writeFileSync(path.join(folder, "release.json"), JSON.stringify(described));
  writeFileSync(path.join(folder, "ARCHITECTURE"), `${machine}\n`);
  copyFileSync(path.join(root, "out", "installer", "install.mjs"), path.join(folder, "install.mjs"));
  writeFileSync(path.join(folder, "install.sh"), withValues({ VERSION: version }), { mode: 0o755 });
  const artifacts = [described.node, described.daemon, ...described.memoryModel].map(({ file }) => file);
  const files = [...artifacts, "release.json", "ARCHITECTURE", "install.mjs"];
  run("sh", ["-c", 'sha256sum "$@" >SHA256SUMS', "sh", ...files], folder);
  const archive = path.join(output, `ai-infrastructure-${version}-${machine}.tar`);
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  run("tar", ["-cf", archive, ...owner, "install.sh", "SHA256SUMS", ...files], folder);
  rmSync(folder, { recursive: true });
  return archive;
}

/** As `release.json` describes it. @param {import("../provisioning/wanted.ts").Artifact} artifact @param {string} folder @param {string} file */
async function putArtifact(artifact, folder, file) {
  copyFileSync(await artifact.compressed(), path.join(folder, file));
  return { file, sha256: artifact.sha256, bytes: artifact.bytes };
}

/** The Node binary for an architecture: this machine's own, or another one from the package registry. @param {Architecture} architecture */
function nodeFor(architecture) {
  if (architecture === process.arch) return path.join(root, "node_modules", "node", "bin", "node");
  const kept = path.join(root, "out", "installer", `node-${nodeVersion}-${architecture}`);
  const folder = `${kept}.part`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run("npm", ["pack", "--silent", `node-linux-${architecture}@${nodeVersion}`], folder);
  run("sh", ["-c", "tar -xzf ./*.tgz package/bin/node"], folder);
  renameSync(path.join(folder, "package", "bin", "node"), kept);
  rmSync(folder, { recursive: true });
  return kept;
}

/** The script with its variables filled in. @param {Record<string, string>} values */
function withValues(values) {
  const text = readFileSync(path.join(root, "resources", "installer", "install.sh"), "utf8");
  return Object.entries(values).reduce((script, [name, value]) => {
    if (/[^\w.:/-]/.test(value)) fail(`${value} cannot stand in the script`, "Use a plain address.");
    return script.replace(`\n${name}=''\n`, `\n${name}='${value}'\n`);
  }, text);
}

/** @param {string} program @param {string[]} parameters @param {string} cwd */
function run(program, parameters, cwd) {
  const { status } = spawnSync(program, parameters, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) fail(`${program} ${parameters.join(" ")} failed`, "See its messages above.");
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
