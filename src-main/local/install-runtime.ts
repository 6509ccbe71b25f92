import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, open, readFile, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Places } from "./places.ts";

/** What the team runs, as built with this app. */
export interface Artifacts {
  readonly node: string;
  readonly daemon: string;
  /** The folder of the model of the memory. */
  readonly memoryModel: string;
  /** The supervisor, built by `scripts/bundle-local-team.mjs`. */
  readonly team: string;
  readonly version: string;
}

/** Where it is once installed. */
export interface Runtime {
  readonly id: string;
  readonly node: string;
  readonly daemon: string;
  readonly memoryModel: string;
  readonly team: string;
}

/** The copy that these artifacts have or would have: its name says what is in it. */
export async function findRuntime(places: Places, artifacts: Artifacts): Promise<Runtime> {
  const node = await realpath(artifacts.node);
  const { size, mtimeMs } = await stat(node);
  const hash = createHash("sha256").update(`${node} ${size} ${mtimeMs}`);
  for (const file of [artifacts.daemon, artifacts.team, ...distinctive(artifacts)]) hash.update(await readFile(file));
  const id = `${artifacts.version}-${hash.digest("hex").slice(0, 16)}`;
  const folder = path.join(places.runtime, id);
  return {
    id,
    node: path.join(folder, "node"),
    daemon: path.join(folder, "daemon.mjs"),
    memoryModel: path.join(folder, "memory-model"),
    team: path.join(folder, "local-team.mjs"),
  };
}

/** Of the model. Its weights are not read each time: others have another name, which is in the program. */
function distinctive({ memoryModel }: Artifacts): readonly string[] {
  const names = MEMORY_MODEL_FILES.filter((name) => !name.endsWith(".safetensors"));
  return names.map((name) => path.join(memoryModel, name));
}

/**
 * Copies the artifacts, so that the team goes on while the app is upgraded or moved, and so that its user can read
 * them. Whole or not at all. Copies of other versions are removed.
 */
export async function installRuntime(places: Places, artifacts: Artifacts): Promise<Runtime> {
  const runtime = await findRuntime(places, artifacts);
  const folder = path.dirname(runtime.node);
  if (existsSync(folder)) return runtime;
  const temporary = await mkdtemp(`${folder}.new-${process.pid}-`);
  await copy(artifacts.node, path.join(temporary, "node"));
  await copy(artifacts.daemon, path.join(temporary, "daemon.mjs"));
  await copy(artifacts.team, path.join(temporary, "local-team.mjs"));
  await copyModel(artifacts.memoryModel, path.join(temporary, path.basename(runtime.memoryModel)));
  await chmod(temporary, 0o755);
  await putInPlace(temporary, folder);
  const isOther = (name: string) => name !== runtime.id && name !== "postgres" && !isBeingMade(name);
  const others = (await readdir(places.runtime)).filter(isOther);
  await Promise.all(others.map((name) => rm(path.join(places.runtime, name), { recursive: true, force: true })));
  return runtime;
}

/** When another start was faster, its folder has the same content. */
export async function putInPlace(temporary: string, folder: string): Promise<void> {
  try {
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

function isBeingMade(name: string): boolean {
  const pid = /\.new-(\d+)-/.exec(name)?.[1];
  return pid !== undefined && existsSync(`/proc/${pid}`);
}

async function copyModel(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const name of MEMORY_MODEL_FILES) await copy(path.join(from, name), path.join(to, name));
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o755);
  const file = await open(to, "r");
  try {
    // The rename that follows must not be on disk before the content is.
    await file.sync();
  } finally {
    await file.close();
  }
}
