import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { AppError } from "../../../contract/errors.ts";
import { MEMORY_MODEL } from "../../../contract/memory-model.ts";
import { openQdrantIndex } from "../../../server-agent/memory/qdrant-index.ts";
import type { Point } from "../../../server-agent/memory/vector-index.ts";
import { startQdrantServer, type QdrantServer } from "../../support/qdrant-server.ts";

const KEY = "canary-qdrant-key-1234567890";
const READ_ONLY_KEY = "canary-qdrant-reader-0987654321";
const COLLECTION = "memory-minilm-l6-v2";
const never = new AbortController().signal;

const servers: QdrantServer[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.close();
});

async function startQdrant(): Promise<QdrantServer> {
  const server = await startQdrantServer({ key: KEY, readOnlyKey: READ_ONLY_KEY });
  servers.push(server);
  return server;
}

async function openIndex(options: { readonly key?: string; readonly deadlineMs?: number } = {}) {
  const qdrant = await startQdrant();
  return { qdrant, index: openQdrantIndex({ url: qdrant.url, key: KEY, collection: COLLECTION, ...options }) };
}

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** In the plane of the first two dimensions, so that the cosine of two of them is that of the angle between. */
function vectorAt(degrees: number): Float32Array {
  const vector = new Float32Array(MEMORY_MODEL.dimensions);
  vector.set([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
  return vector;
}

const pointAt = (number: number, degrees: number): Point => ({ id: idOf(number), vector: vectorAt(degrees) });
const manyPoints = (count: number) => Array.from({ length: count }, (_, at) => pointAt(at, at % 90));
const lines = (qdrant: QdrantServer) => qdrant.requests.map(({ method, path }) => `${method} ${path}`);

/** What a person reads, after it was made sure that nothing of the error holds a key or a vector. */
async function failureOf(work: Promise<unknown>): Promise<Pick<AppError, "code" | "message" | "details" | "hint">> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error(`It did not fail as it should: ${String(error)}`);
  const all = JSON.stringify([error.toWire(), error.stack, error.cause ?? null]);
  expect(all).not.toMatch(/canary|0\.\d{3}|\[\s*\d/);
  return error;
}

it("makes its collection when the first points are put, and only then", async () => {
  const { qdrant, index } = await openIndex();
  expect(await index.ids(never)).toEqual(new Set());
  await index.put([pointAt(1, 0)], never);
  await index.put([pointAt(2, 0)], never);
  expect(lines(qdrant)).toEqual([
    `GET /collections/${COLLECTION}`,
    `GET /collections/${COLLECTION}`,
    `PUT /collections/${COLLECTION}`,
    `PUT /collections/${COLLECTION}/points?wait=true`,
    `GET /collections/${COLLECTION}`,
    `PUT /collections/${COLLECTION}/points?wait=true`,
  ]);
  expect(qdrant.requests[2]?.body).toEqual({ vectors: { size: 384, distance: "Cosine" } });
  expect(await index.ids(never)).toEqual(new Set([idOf(1), idOf(2)]));
});

it("finds what is near, best first, with the cosine as the score", async () => {
  const { index } = await openIndex();
  await index.put([pointAt(1, 60), pointAt(2, 0), pointAt(3, 180), pointAt(4, 90)], never);
  const near = await index.nearest(vectorAt(0), 3, never);
  expect(near.map(({ id }) => id)).toEqual([idOf(2), idOf(1), idOf(4)]);
  for (const [at, score] of [1, 0.5, 0].entries()) expect(near[at]?.score).toBeCloseTo(score, 6);
});

it("gives no score above 1, where Qdrant does by its rounding", async () => {
  const { index } = await openIndex();
  const vector = new Float32Array(MEMORY_MODEL.dimensions).fill(1 / Math.sqrt(MEMORY_MODEL.dimensions));
  await index.put([{ id: idOf(1), vector }], never);
  expect(await index.nearest(vector, 1, never)).toEqual([{ id: idOf(1), score: 1 }]);
});

it("replaces what has the id already", async () => {
  const { index } = await openIndex();
  await index.put([pointAt(1, 90), pointAt(2, 45)], never);
  await index.put([pointAt(1, 0)], never);
  expect((await index.nearest(vectorAt(0), 10, never)).map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
});

it("removes by id, and takes ids that are not there for removed", async () => {
  const { index } = await openIndex();
  await index.remove([idOf(7)], never);
  await index.put([pointAt(1, 0), pointAt(2, 0)], never);
  await index.remove([idOf(1), idOf(9)], never);
  expect(await index.ids(never)).toEqual(new Set([idOf(2)]));
});

it("puts and removes 128 points at a time and lists them in pages, without payload and vectors", async () => {
  const { qdrant, index } = await openIndex();
  const points = manyPoints(2_100);
  await index.put(points, never);
  expect(await index.ids(never)).toEqual(new Set(points.map(({ id }) => id)));
  await index.remove(
    points.map(({ id }) => id),
    never,
  );
  expect(await index.ids(never)).toEqual(new Set());
  const counts = Map.groupBy(lines(qdrant), (line) => line.slice(line.lastIndexOf("/") + 1));
  expect([...counts].map(([what, all]) => [what, all.length])).toEqual([
    [COLLECTION, 4],
    ["points?wait=true", 17],
    ["scroll", 4],
    ["delete?wait=true", 17],
  ]);
  for (const { path, body } of qdrant.requests.filter(({ path }) => path.endsWith("/scroll"))) {
    expect([path, body]).toMatchObject([path, { with_payload: false, with_vector: false }]);
  }
});

it("sends vectors with seven digits", async () => {
  const { qdrant, index } = await openIndex();
  const vector = vectorAt(0).fill(1 / 3, 0, 3);
  await index.put([{ id: idOf(1), vector }], never);
  await index.nearest(vector, 1, never);
  const sent = [...vector].map((_, at) => (at < 3 ? 0.3333333 : 0));
  expect(qdrant.requests.slice(-2).map(({ body }) => body)).toEqual([
    { points: [{ id: idOf(1), vector: sent }] },
    { query: sent, limit: 1, with_payload: false, with_vector: false },
  ]);
});

it("goes on after Qdrant was away, with what it had", async () => {
  const { qdrant, index } = await openIndex();
  await index.put([pointAt(1, 0)], never);
  await qdrant.stop();
  const { host } = new URL(qdrant.url);
  expect(await failureOf(index.put(manyPoints(3), never))).toMatchObject({
    code: "store.unavailable",
    message: `Qdrant at ${host} cannot be reached, asked to tell about the collection ${COLLECTION}`,
  });
  expect(await failureOf(index.nearest(vectorAt(10), 5, never))).toMatchObject({ code: "store.unavailable" });
  await qdrant.start();
  expect(await index.ids(never)).toEqual(new Set([idOf(1)]));
});

it("has nothing and says so when Qdrant lost its collection, and makes it anew", async () => {
  const { qdrant, index } = await openIndex();
  await index.put([pointAt(1, 0)], never);
  qdrant.loseEverything();
  expect(await failureOf(index.nearest(vectorAt(0), 5, never))).toMatchObject({
    code: "app.not_found",
    details: `Not found: Collection \`${COLLECTION}\` doesn't exist!`,
  });
  expect(await index.ids(never)).toEqual(new Set());
  await index.remove([idOf(1)], never);
  await index.put([pointAt(2, 0)], never);
  expect(await index.ids(never)).toEqual(new Set([idOf(2)]));
});

it("makes its collection once when two put at the same time", async () => {
  const { index } = await openIndex();
  await Promise.all([index.put([pointAt(1, 0)], never), index.put([pointAt(2, 0)], never)]);
  expect(await index.ids(never)).toEqual(new Set([idOf(1), idOf(2)]));
});

it.each([
  ["vectors of 768 dimensions (Cosine)", { size: 768, distance: "Cosine" }],
  ["vectors of 384 dimensions (Dot)", { size: 384, distance: "Dot" }],
  ["several vectors a point", { text: { size: 384, distance: "Cosine" } }],
])("says that the collection is for other vectors: %s", async (words, vectors) => {
  const { qdrant, index } = await openIndex();
  await make(qdrant, vectors);
  const expected = {
    code: "app.bad_input",
    message: `The collection ${COLLECTION} in Qdrant has ${words}, and minilm-l6-v2 gives 384 (Cosine)`,
  };
  expect(await failureOf(index.put([pointAt(1, 0)], never))).toMatchObject(expected);
  expect(await failureOf(index.ids(never))).toMatchObject(expected);
});

/** As somebody else would. */
async function make({ url }: QdrantServer, vectors: object): Promise<void> {
  const headers = { "api-key": KEY, "content-type": "application/json" };
  await fetch(`${url}/collections/${COLLECTION}`, { method: "PUT", headers, body: JSON.stringify({ vectors }) });
}

it("tells what Qdrant says about a vector of another length", async () => {
  const { index } = await openIndex();
  await index.put([pointAt(1, 0)], never);
  expect(await failureOf(index.nearest(Float32Array.of(0.1234, 0.5678), 5, never))).toMatchObject({
    code: "app.bad_input",
    details: "Wrong input: Vector dimension error: expected dim: 384, got 2",
  });
});

it.each([
  ["another key", "canary-of-another-server", 401],
  ["a key that may only look", READ_ONLY_KEY, 403],
])("says that Qdrant refuses %s", async (_words, key, status) => {
  const { qdrant, index } = await openIndex({ key });
  const failure = await failureOf(index.put([pointAt(1, 0)], never));
  const what = status === 401 ? "tell about" : "make";
  expect(failure).toMatchObject({
    code: "store.unavailable",
    message: `Qdrant at ${new URL(qdrant.url).host} refuses the key (${status}), asked to ${what} the collection ${COLLECTION}`,
    hint: "Provision the server again: the daemon and Qdrant then have the same key.",
  });
});

it("sends the key in its header alone, and prints nothing", async () => {
  const prints = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write"));
  const tells = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
  const { qdrant, index } = await openIndex();
  await index.put([pointAt(1, 0)], never);
  expect(JSON.stringify(qdrant.requests)).not.toContain(KEY);
  for (const printed of [...prints, ...tells]) expect(printed).not.toHaveBeenCalled();
});

it("keeps a key that no header can hold out of its error", async () => {
  const { index } = await openIndex({ key: "canary\nkey" });
  expect(await failureOf(index.ids(never))).toMatchObject({ code: "app.bad_input" });
});

it.each([
  [500, "store.unavailable", "answered 500"],
  [507, "store.unavailable", "answered 507"],
  [429, "store.unavailable", "answered 429"],
  [400, "app.bad_input", "refused (400)"],
])("says what was asked when Qdrant answers %d, and what it said without the key", async (status, code, happened) => {
  const { qdrant, index } = await openIndex();
  await index.put([pointAt(1, 0)], never);
  qdrant.behave({ status, body: { status: { error: `Too much of ${KEY}` }, time: 0 } });
  expect(await failureOf(index.nearest(vectorAt(33), 5, never))).toMatchObject({
    code,
    message: `Qdrant at ${new URL(qdrant.url).host} ${happened}, asked to find what is near in the collection ${COLLECTION}`,
    details: "Too much of [hidden]",
  });
});

it("gives up on a Qdrant that does not answer in time", async () => {
  const { qdrant, index } = await openIndex({ deadlineMs: 50 });
  qdrant.behave("silent");
  expect(await failureOf(index.ids(never))).toMatchObject({
    code: "app.timed_out",
    message: expect.stringContaining("did not answer within 0.05 s"),
  });
});

it("stops with the reason of the signal, before a request and during one, and sends no more", async () => {
  const { qdrant, index } = await openIndex();
  const over = new Error("The search is over");
  await expect(index.put(manyPoints(1_000), AbortSignal.abort(over))).rejects.toBe(over);
  expect(qdrant.requests).toEqual([]);
  for (const how of ["well", "silent"] as const) {
    qdrant.behave(how);
    const abort = new AbortController();
    void qdrant.nextRequest().then(() => abort.abort(over));
    await expect(index.put(manyPoints(1_000), abort.signal)).rejects.toBe(over);
  }
  expect(lines(qdrant)).toEqual([`GET /collections/${COLLECTION}`, `GET /collections/${COLLECTION}`]);
});

it.each([
  [200, "gave an answer that is not Qdrant's"],
  [404, "answered 404"],
])("takes what another program answers with %d for no answer", async (status, happened) => {
  const other = createServer((_request, response) => response.writeHead(status).end("<h1>Hello</h1>"));
  await once(other.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const index = openQdrantIndex({ url: `http://${host}`, key: KEY, collection: COLLECTION });
  expect(await failureOf(index.ids(never))).toMatchObject({
    code: "store.unavailable",
    message: `Qdrant at ${host} ${happened}, asked to tell about the collection ${COLLECTION}`,
  });
  other.close();
  other.closeAllConnections();
});
