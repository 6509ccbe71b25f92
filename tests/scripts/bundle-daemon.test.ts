import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";
import type * as qdrantIndex from "../../server-agent/memory/qdrant-index.ts";
import { startQdrantServer } from "../support/qdrant-server.ts";

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
  await bundleDaemon(path.join(folder, "daemon.mjs"));
  bundle = readFileSync(path.join(folder, "daemon.mjs"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true }));

it("the daemon's bundle is ASCII, so that seven processes keep it in one byte a character", () => {
  const other = /.{0,40}[^\0-\x7F].{0,40}/.exec(bundle);
  expect(other?.[0]).toBeUndefined();
});

it.each(["You are one of a standing team of six agents", "You are the **infra** agent", "budget_usd_per_day: null"])(
  "the shipped definitions of agents are in the bundle: %s",
  (words) => {
    expect(bundle.includes(words)).toBe(true);
  },
);

it("an index in Qdrant is reached out of a bundle, by Node's own HTTP client", async () => {
  const source = path.resolve(import.meta.dirname, "../../server-agent/memory/qdrant-index.ts");
  const file = path.join(folder, "qdrant-index.mjs");
  await bundleDaemon(file, source);
  expect(readFileSync(file, "utf8").includes("undici")).toBe(false);
  const { openQdrantIndex } = (await import(pathToFileURL(file).href)) as typeof qdrantIndex;
  const server = await startQdrantServer({ key: "key-of-the-test" });
  const index = openQdrantIndex({ url: server.url, key: "key-of-the-test", collection: "notes" });
  const id = "00000000-0000-4000-8000-000000000001";
  const { signal } = new AbortController();
  await index.put([{ id, vector: new Float32Array(384).fill(1) }], signal);
  expect(await index.ids(signal)).toEqual(new Set([id]));
  await server.close();
});
