import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MEMORY_MODEL_FILES } from "../../../contract/memory-model.ts";
import { prepareRelease, type ReleaseFiles, releaseOnDemand } from "../../../src-main/provision/artifact.ts";
import { layMemoryModel } from "../../support/memory-model-stand-in.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "artifact-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cacheDir = () => path.join(folder, "cache");

/** The files of one version of the app. Node changes less often than the daemon, the model least of all. */
function built(version: string, node: string, model = "1") {
  const memoryModel = layMemoryModel(path.join(folder, "memory-model"), model);
  const files = { node: path.join(folder, "node"), daemon: path.join(folder, "daemon.mjs"), memoryModel };
  writeFileSync(files.node, `node ${node}`);
  writeFileSync(files.daemon, `daemon ${version}`);
  return { ...files, version, cacheDir: cacheDir() };
}

/** What is in the cache, as it was before it was compressed. */
const cached = (of = /^(?:node|daemon)-/) =>
  readdirSync(cacheDir())
    .filter((name) => of.test(name))
    .map((name) => gunzipSync(readFileSync(path.join(cacheDir(), name))).toString())
    .sort();

/** As if the last use had been longer ago. */
function age(): void {
  for (const name of readdirSync(cacheDir())) utimesSync(path.join(cacheDir(), name), new Date(0), new Date(0));
}

async function prepareCopies(files: ReleaseFiles): Promise<void> {
  const { node, daemon, memoryModel } = await prepareRelease(files);
  await Promise.all([node, daemon, ...memoryModel.map(({ artifact }) => artifact)].map((file) => file.compressed()));
}

test("the cache keeps the release in use and the one before", async () => {
  await prepareCopies(built("1", "24"));
  age();
  for (const version of ["2", "3"]) await prepareCopies(built(version, "24"));
  expect(cached()).toEqual(["daemon 2", "daemon 3", "node 24"]);

  await prepareCopies(built("2", "24"));
  await prepareCopies(built("4", "26"));
  expect(cached()).toEqual(["daemon 2", "daemon 4", "node 24", "node 26"]);
});

test("the files of the memory's model are among them, each by its own name", async () => {
  await prepareCopies(built("1", "24"));
  expect(cached(/^[^-]+\.[^-]+-/)).toEqual(MEMORY_MODEL_FILES.map((name) => `${name} 1`).toSorted());
  for (const model of ["2", "3"]) {
    age();
    await prepareCopies(built("1", "24", model));
  }
  expect(cached(/^config\.json-/)).toEqual(["config.json 2", "config.json 3"]);
});

test("what earlier apps and killed ones left in the cache goes; what another program is writing stays", async () => {
  mkdirSync(cacheDir());
  const left = [`${"a".repeat(64)}.gz`, `node-${"b".repeat(64)}.gz.${2 ** 22 + 1}`];
  const kept = [`node-${"c".repeat(64)}.gz.${process.ppid}`, "notes.txt"];
  for (const name of [...left, ...kept]) writeFileSync(path.join(cacheDir(), name), "");
  await prepareCopies(built("1", "24"));
  const found = readdirSync(cacheDir());
  expect(found).toEqual(expect.arrayContaining(kept));
  expect(found.filter((name) => left.includes(name))).toEqual([]);
});

test("what another app has removed from the cache is made again; a plan alone makes nothing", async () => {
  const { daemon } = await releaseOnDemand(built("1", "24"))();
  expect(existsSync(cacheDir())).toBe(false);
  rmSync(await daemon.compressed());
  expect(existsSync(await daemon.compressed())).toBe(true);
});
