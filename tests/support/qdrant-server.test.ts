import { expect, it } from "vitest";
import { startQdrantServer } from "./qdrant-server.ts";

const POINTS = "/collections/notes/points";
const id = "00000000-0000-4000-8000-000000000001";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}
interface Unfit {
  readonly what: string;
  readonly request: Asked;
  readonly words: string;
}

async function whatCloseSays(request: Asked): Promise<string> {
  const server = await startQdrantServer({ key: "key-of-the-test" });
  await ask(server.url, {
    method: "PUT",
    path: "/collections/notes",
    body: { vectors: { size: 2, distance: "Cosine" } },
  });
  await ask(server.url, request);
  return await server.close().then(
    () => "it fits",
    (error: unknown) => String(error),
  );
}

async function ask(url: string, { method, path, body }: Asked): Promise<void> {
  const headers = { "api-key": "key-of-the-test", "content-type": "application/json" };
  const answer = await fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answer.text();
}

it("lets through what fits Qdrant's document", async () => {
  const point = { id, vector: [1, 0], payload: { any: "thing" } };
  const put = { method: "PUT", path: `${POINTS}?wait=true`, body: { points: [point] } };
  const query = { method: "POST", path: `${POINTS}/query`, body: { query: [1, 0], filter: null } };
  expect(await whatCloseSays(put)).toBe("it fits");
  expect(await whatCloseSays(query)).toBe("it fits");
});

const unfit: readonly Unfit[] = [
  {
    what: "a misspelt field",
    request: { method: "POST", path: `${POINTS}/query`, body: { query: [1, 0], score_treshold: 0.5 } },
    words: "additional properties",
  },
  {
    what: "a field of another type",
    request: { method: "POST", path: `${POINTS}/query`, body: { query: [1, 0], filter: 5 } },
    words: "body/filter must be",
  },
  {
    what: "an id that is no UUID",
    request: { method: "PUT", path: POINTS, body: { points: [{ id: "one", vector: [1, 0] }] } },
    words: 'match format "uuid"',
  },
  {
    what: "a negative id",
    request: { method: "POST", path: `${POINTS}/delete`, body: { points: [-1] } },
    words: "must be >= 0",
  },
  {
    what: "an unknown word of the query",
    request: { method: "PUT", path: `${POINTS}?await=true`, body: { points: [] } },
    words: "the query has await",
  },
  {
    what: "a word of the query that is no boolean",
    request: { method: "PUT", path: `${POINTS}?wait=soon`, body: { points: [] } },
    words: "must be boolean",
  },
  {
    what: "a body that is missing",
    request: { method: "POST", path: `${POINTS}/scroll` },
    words: "must be object",
  },
  {
    what: "a path that Qdrant does not have",
    request: { method: "POST", path: `${POINTS}/find`, body: {} },
    words: "no such operation",
  },
];

it.each(unfit)("tells, with the path, of $what", async ({ request, words }) => {
  const said = await whatCloseSays(request);
  expect(said).toContain(`${request.method} ${request.path}: `);
  expect(said).toContain(words);
});
