import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createEmbedder } from "../../../server-agent/memory/embedder.ts";
import { type Memory, openMemory } from "../../../server-agent/memory/open-memory.ts";
import { openQdrantIndex } from "../../../server-agent/memory/qdrant-index.ts";
import { createLog } from "../../../server-agent/platform/log.ts";
import { createMemoryFolder } from "../../../server-agent/platform/memory-folder.ts";
import { layMemoryModel } from "../../support/memory-model.ts";
import { type QdrantServer, startQdrantServer } from "../../support/qdrant-server.ts";
import { until } from "../../support/start-program.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

const KEY = "canary-qdrant-key-1234567890";
const alive = new AbortController().signal;
let database: TestStore;
let model: Awaited<ReturnType<typeof layMemoryModel>>;
let workspace: string;
let qdrant: QdrantServer;
let memory: Memory;

beforeAll(async () => {
  [database, model] = await Promise.all([createStore(), layMemoryModel()]);
});
beforeEach(async () => {
  workspace = mkdtempSync(path.join(tmpdir(), "workspace-"));
  qdrant = await startQdrantServer({ key: KEY });
  remember("refunds.md", "Refunds are paid within a week after the goods came back.\n");
  remember("tls.md", "The certificate of the web server is renewed by a timer at night.\n");
});
afterEach(async () => {
  memory.close();
  rmSync(workspace, { recursive: true });
  await database.store.write(async (db) => await db.deleteFrom("memory_files").execute());
  await qdrant.close();
});
afterAll(async () => {
  model.remove();
  await database.remove();
});

function remember(file: string, text: string): void {
  const folder = path.join(workspace, "MEMORY/Learning/PLAN");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

function open(key = KEY, embedder = createEmbedder(model.folder)): Memory {
  return openMemory({
    store: database.store,
    log: createLog({ level: "error", secrets: [KEY] }),
    folder: createMemoryFolder(workspace),
    embedder,
    index: openQdrantIndex({ url: qdrant.url, key, collection: "memory" }),
    everyMs: 300,
  });
}

const status = async () => await memory.status(alive);
const usesIndex = async (index: "postgres" | "qdrant") =>
  await until(`${index} is used`, async () => (await status()).index === index);
const search = async (query: string) =>
  (await memory.search(query, 5, alive)).found.map(({ path: file }) => path.basename(file));
/** What the index holds, asked as another client of it would. */
const pointsIn = async () => await openQdrantIndex({ url: qdrant.url, key: KEY, collection: "memory" }).ids(alive);
const askedToFind = () => qdrant.requests.filter(({ path: place }) => place.endsWith("/points/query")).length;

it("is found in Qdrant once all of it is there, and follows what changes", async () => {
  memory = open();
  await usesIndex("qdrant");
  expect([(await pointsIn()).size, await search("how do customers get their money")]).toEqual([2, ["refunds.md"]]);
  expect(askedToFind()).toBe(1);
  remember("tls.md", "Backups are made every hour.\n");
  remember("more.md", "Logs are kept for two weeks.\n");
  await search("logs");
  await until("the new pieces are in the index", async () => {
    const { pieces, withVector } = await status();
    return pieces === 3 && withVector === 3 && (await pointsIn()).size === 3;
  });
  expect(await search("copies in case a disk fails")).toEqual(["tls.md"]);
});

it("is found in the database while Qdrant is away, and in Qdrant again when it is back", async () => {
  memory = open();
  await usesIndex("qdrant");
  await qdrant.stop();
  expect(await search("how do customers get their money")).toEqual(["refunds.md"]);
  expect(await status()).toMatchObject({ index: "postgres" });
  await until("it is told why", async () => /cannot be reached/.test((await status()).problem ?? ""));
  await qdrant.start();
  await usesIndex("qdrant");
  expect((await status()).problem).toBeNull();
});

it("is still found in Qdrant when no vectors can be made for a while", async () => {
  const embedder = createEmbedder(model.folder);
  let isBroken = false;
  const embed: typeof embedder.embed = async (...texts) => {
    if (isBroken) throw new Error("The model's program ended");
    return await embedder.embed(...texts);
  };
  memory = open(KEY, { ...embedder, embed });
  await usesIndex("qdrant");
  isBroken = true;
  remember("more.md", "Logs are kept for two weeks.\n");
  await until("it is told why", async () => (await status()).problem === "The model's program ended");
  expect(await status()).toMatchObject({ index: "qdrant", pieces: 3, withVector: 2 });
  isBroken = false;
  await until("the new piece is in the index", async () => (await pointsIn()).size === 3);
});

it("is put into Qdrant anew when that has lost it, and what is gone is taken out", async () => {
  memory = open();
  await usesIndex("qdrant");
  memory.close();
  qdrant.loseEverything();
  await openQdrantIndex({ url: qdrant.url, key: KEY, collection: "memory" }).put(
    [{ id: "11111111-1111-4111-8111-111111111111", vector: new Float32Array(384).fill(0.05) }],
    alive,
  );
  memory = open();
  await usesIndex("qdrant");
  const points = await pointsIn();
  expect([points.size, points.has("11111111-1111-4111-8111-111111111111")]).toEqual([2, false]);
  expect(await search("how do customers get their money")).toEqual(["refunds.md"]);
});

it("is found in the database where Qdrant refuses the key, which is told without it", async () => {
  memory = open("another-key");
  await until("it is told", async () => (await status()).problem !== null);
  expect(await status()).toMatchObject({ index: "postgres", problem: expect.stringContaining("refuses the key") });
  expect((await status()).problem).not.toContain("another-key");
  expect(await search("how do customers get their money")).toEqual(["refunds.md"]);
});
