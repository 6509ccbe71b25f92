import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { AppError } from "../../../contract/errors.ts";
import { WebSearch } from "../../../contract/web-search.ts";
import { searchWeb } from "../../../server-agent/search/search-web.ts";

const KEY = "canary-search-key-1234567890";
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A provider on this machine that keeps what it was asked. */
async function startProvider({ status = 200, body = {}, headers = {} }: Answer) {
  const asked: Pick<IncomingMessage, "url" | "headers">[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const search = async (provider: WebSearch["provider"], url: string, key: string | null = KEY): Promise<string> =>
  await searchWeb("größe & co", { search: { provider, url }, key }, new AbortController().signal);

async function failureOf(answer: Answer, provider: WebSearch["provider"] = "brave"): Promise<AppError> {
  const { url } = await startProvider(answer);
  const error = await search(provider, url).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error(`It did not fail as it should: ${String(error)}`);
  expect(JSON.stringify([error.toWire(), error.stack])).not.toContain(KEY);
  return error;
}

it("asks SearXNG for JSON, below the address that is set, and lists what it found", async () => {
  const results = [
    { title: "One", url: "https://one.example/a", content: "First <b>text</b>\n here" },
    { title: null, url: "https://two.example/", content: null },
    { title: "Bad", url: "javascript:alert(1)", content: "" },
  ];
  const { asked, url } = await startProvider({ body: { results } });
  const text = await search("searxng", `${url}/find`, null);
  expect(asked).toMatchObject([{ url: "/find/search?q=gr%C3%B6%C3%9Fe+%26+co&format=json" }]);
  expect(asked[0]?.headers.authorization).toBeUndefined();
  expect(text).toContain("1. One\n   https://one.example/a\n   First text here");
  expect(text).toContain("2. https://two.example/");
  expect(text).not.toContain("javascript:");
});

it("asks Brave Search with its key in the header, and SearXNG with one for a proxy", async () => {
  const body = { web: { results: [{ title: "One", url: "https://one.example/", description: "x" }] }, results: [] };
  const { asked, url } = await startProvider({ body });
  expect(await search("brave", url)).toContain("1. One\n   https://one.example/\n   x");
  await search("searxng", url);
  expect(asked.map((one) => one.url)).toEqual([
    "/res/v1/web/search?q=gr%C3%B6%C3%9Fe+%26+co",
    "/search?q=gr%C3%B6%C3%9Fe+%26+co&format=json",
  ]);
  expect(asked.map(({ headers }) => [headers["x-subscription-token"], headers.authorization])).toEqual([
    [KEY, undefined],
    [undefined, `Bearer ${KEY}`],
  ]);
});

it("says when nothing was found", async () => {
  const { url } = await startProvider({ body: { type: "search" } });
  expect(await search("brave", url)).toBe("Brave Search found nothing for: größe & co");
});

it.each([401, 403, 429, 500])("says what is wrong when it answers %d, without what the answer says", async (status) => {
  const error = await failureOf({ status, body: { message: `bad key ${KEY}` } });
  expect(error.message).toContain(`${status}`);
});

it("follows no redirect, so the key goes nowhere else", async () => {
  const other = await startProvider({ body: { web: { results: [] } } });
  const error = await failureOf({ status: 302, headers: { location: other.url } });
  expect(error.message).toContain("not followed");
  expect(other.asked).toEqual([]);
});

it.each(["<html>", { results: "none" }, { results: [{ title: 1 }] }])(
  "knows when it is no SearXNG: %j",
  async (body) => {
    expect((await failureOf({ body }, "searxng")).message).toContain("is not SearXNG");
  },
);

it("gives up on an answer without end, and on an address where nothing is", async () => {
  expect((await failureOf({ body: "x".repeat(3_000_000) })).message).toContain("more than 2 MB");
  await expect(search("brave", "http://127.0.0.1:1")).rejects.toThrow("Brave Search cannot be reached at 127.0.0.1:1");
});

it.each([
  ["http://search.example", false],
  ["https://user:secret@search.example", false],
  ["ftp://127.0.0.1/", false],
  ["search.example", false],
  ["https://search.example/find", true],
  ["http://127.0.0.1:8888", true],
])("takes %s as an address: %s", (url, isGood) => {
  expect(WebSearch.safeParse({ provider: "searxng", url }).success).toBe(isGood);
});
