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
import { prepareRelease, releaseOnDemand } from "../../../src-main/provision/artifact.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "artifact-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cacheDir = () => path.join(folder, "cache");

/** The files of one version of the app. Node changes less often than the daemon. */
function built(version: string, node: string) {
  const files = { node: path.join(folder, "node"), daemon: path.join(folder, "daemon.mjs") };
  writeFileSync(files.node, `node ${node}`);
  writeFileSync(files.daemon, `daemon ${version}`);
  return { ...files, version, cacheDir: cacheDir() };
}

/** What is in the cache, as it was before it was compressed. */
const cached = () =>
  readdirSync(cacheDir())
    .map((name) => gunzipSync(readFileSync(path.join(cacheDir(), name))).toString())
    .sort();

/** As if the last use had been longer ago. */
function age(): void {
  for (const name of readdirSync(cacheDir())) utimesSync(path.join(cacheDir(), name), new Date(0), new Date(0));
}

test("the cache keeps the release in use and the one before", async () => {
  await prepareRelease(built("1", "24"));
  age();
  for (const version of ["2", "3"]) await prepareRelease(built(version, "24"));
  expect(cached()).toEqual(["daemon 2", "daemon 3", "node 24"]);

  await prepareRelease(built("2", "24"));
  await prepareRelease(built("4", "26"));
  expect(cached()).toEqual(["daemon 2", "daemon 4", "node 24", "node 26"]);
});

test("what earlier apps and killed ones left in the cache goes; what another program is writing stays", async () => {
  mkdirSync(cacheDir());
  const left = [`${"a".repeat(64)}.gz`, `node-${"b".repeat(64)}.gz.${2 ** 22 + 1}`];
  const kept = [`node-${"c".repeat(64)}.gz.${process.ppid}`, "notes.txt"];
  for (const name of [...left, ...kept]) writeFileSync(path.join(cacheDir(), name), "");
  await prepareRelease(built("1", "24"));
  const found = readdirSync(cacheDir());
  expect(found).toEqual(expect.arrayContaining(kept));
  expect(found.filter((name) => left.includes(name))).toEqual([]);
});

test("a release that another app has removed from the cache is prepared again", async () => {
  const release = releaseOnDemand(built("1", "24"));
  const { daemon } = await release();
  rmSync(daemon.compressed);
  await release();
  expect(existsSync(daemon.compressed)).toBe(true);
});
