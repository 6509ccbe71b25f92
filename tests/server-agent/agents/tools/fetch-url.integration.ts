import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { World } from "../../../../server-agent/agents/fetch-page.ts";
import { fetchUrlTool } from "../../../../server-agent/agents/tools/fetch-url.ts";
import { isPublicAddress } from "../../../../server-agent/agents/public-address.ts";
import { type HttpsSite, startHttpsSite } from "../../../support/https-site.ts";
import { useTool } from "../../../support/use-tool.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let site: HttpsSite;
let requests: string[];
let world: World;
let addresses: Record<string, string[]>;

const send =
  (type: string, body: string | Buffer, status = 200): Answer =>
  (_request, response) =>
    response.writeHead(status, { "content-type": type }).end(body);
const redirect =
  (to: string): Answer =>
  (_request, response) =>
    response.writeHead(302, { location: to }).end();

const PAGES: Record<string, Answer> = {
  "/page": send("text/html; charset=utf-8", "<title>No</title><h1>Hi</h1><p>A &amp; B <a href='/x'>more</a></p>"),
  "/latin": send("text/plain; charset=iso-8859-1", Buffer.from([0x67, 0x72, 0xfc, 0x6e])),
  "/data": send("application/json", '{"a":1}'),
  "/picture": send("image/png", Buffer.from([137, 80])),
  "/missing": send("text/html", "<p>Nothing here</p>", 404),
  "/moved": redirect("/page"),
  "/elsewhere": redirect("https://other.test/page"),
  "/plain": redirect("http://site.test/page"),
  "/inside": redirect("https://inside.test/page"),
  "/numbers": redirect("https://127.0.0.1/page"),
  "/metadata": redirect("https://169.254.169.254/latest/meta-data"),
  "/file": redirect("file:///etc/passwd"),
  "/round": redirect("/round"),
  "/endless": (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = (): void =>
      void (response.write("x".repeat(65_536)) ? setImmediate(more) : response.once("drain", more));
    response.on("error", () => undefined);
    more();
  },
  "/packed": (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
  "/silent": () => undefined,
};

beforeAll(async () => {
  site = await startHttpsSite(["site.test", "other.test", "inside.test", "moving.test"], (request, response) => {
    requests.push(`${request.headers.host} ${request.url}`);
    (PAGES[request.url ?? ""] ?? send("text/plain", "?", 404))(request, response);
  });
});
afterAll(async () => await site?.close());
beforeEach(() => {
  requests = [];
  addresses = { "site.test": ["127.0.0.1"], "other.test": ["127.0.0.1"], "inside.test": ["10.0.0.8"] };
  world = {
    addressesOf: async (host) => addresses[host] ?? [],
    // The test's own site stands for the open internet.
    isPublic: (address) => address === "127.0.0.1" || isPublicAddress(address),
    authorities: [site.certificate],
    port: site.port,
  };
});

const fetchUrl = async (url: string, hosts: "any" | string[] = "any", more: object = {}) =>
  await useTool(fetchUrlTool({ hosts, asksForHosts: false, world }), { url, ...more });

describe("fetch_url", () => {
  it("gives the text of a page with the addresses of its links, or the page as it is", async () => {
    expect(await fetchUrl("https://site.test/page")).toBe(
      "https://site.test/page\n\nNo\n\n# Hi\n\nA & B more (https://site.test/x)",
    );
    expect(await fetchUrl("https://site.test/page", "any", { raw: true })).toContain("<h1>Hi</h1>");
  });

  it("reads other texts in their own character set, and nothing that is no text", async () => {
    expect(await fetchUrl("https://site.test/latin")).toContain("grün");
    expect(await fetchUrl("https://site.test/data")).toContain('{"a":1}');
    await expect(fetchUrl("https://site.test/picture")).rejects.toThrow("is image/png, not text");
    await expect(fetchUrl("https://site.test/missing")).rejects.toThrow("answered 404\nNothing here");
    await expect(fetchUrl("https://site.test/packed")).rejects.toThrow("answered in gzip");
  });

  it("follows redirects to what may be fetched, five at most", async () => {
    expect(await fetchUrl("https://site.test/moved")).toMatch(/^https:\/\/site\.test\/page\n/);
    expect(await fetchUrl("https://site.test/elsewhere")).toMatch(/^https:\/\/other\.test\/page\n/);
    await expect(fetchUrl("https://site.test/round")).rejects.toThrow("redirects more than 5 times");
  });

  it("keeps to the sites it may reach, on every hop", async () => {
    expect(await fetchUrl("https://site.test/data", ["site.test"])).toContain('{"a":1}');
    await expect(fetchUrl("https://other.test/page", ["site.test"])).rejects.toThrow("not among the sites");
    await expect(fetchUrl("https://site.test/elsewhere", ["site.test"])).rejects.toThrow("other.test is not among");
    await expect(fetchUrl("https://evilsite.test/page", ["site.test"])).rejects.toThrow("not among the sites");
    await expect(fetchUrl("https://site.test.evil.com/", ["site.test"])).rejects.toThrow("not among the sites");
    addresses["deep.site.test"] = ["127.0.0.1"];
    await expect(fetchUrl("https://deep.site.test/page", ["site.test"])).rejects.not.toThrow("not among the sites");
    expect(requests).toEqual(
      ["site.test /data", "site.test /elsewhere"].map((line) => line.replace("test ", `test:${site.port} `)),
    );
  });

  it("fetches from another site where that was decided before, and does not let it send on elsewhere", async () => {
    const rules = { hosts: ["known.test"], asksForHosts: true, world };
    const decided = async (page: string) => await useTool(fetchUrlTool(rules), { url: `https://site.test${page}` });
    expect(await decided("/moved")).toMatch(/^https:\/\/site\.test\/page\n/);
    await expect(decided("/elsewhere")).rejects.toThrow("other.test is not among the sites");
  });

  it.each([
    ["https://inside.test/page", "inside.test is at 10.0.0.8"],
    ["https://site.test/inside", "inside.test is at 10.0.0.8"],
    ["https://site.test/metadata", "169.254.169.254"],
    ["https://169.254.169.254/latest", "169.254.169.254"],
    ["https://[::1]/", "::1"],
    ["https://[::ffff:10.0.0.1]/", "::ffff:a00:1"],
    ["https://0x0a000001/", "10.0.0.1"],
    ["https://167772161/", "10.0.0.1"],
    ["https://nowhere.test/", "nowhere.test has no address"],
    ["http://site.test/page", "is not https"],
    ["https://site.test/plain", "is not https"],
    ["https://site.test/file", "is not https"],
    ["https://site.test:8443/page", "only port 443"],
    ["https://me:secret@site.test/page", "with a login"],
  ])("refuses %s", async (url, complaint) => {
    await expect(fetchUrl(url)).rejects.toThrow(complaint);
    expect(requests.filter((line) => line.endsWith("/page"))).toEqual([]);
  });

  it("refuses a name when any of its addresses is inside", async () => {
    addresses["site.test"] = ["127.0.0.1", "192.168.1.1"];
    await expect(fetchUrl("https://site.test/page")).rejects.toThrow("site.test is at 192.168.1.1");
    expect(requests).toEqual([]);
  });

  it("connects to the very address that was checked, though the name moves in between", async () => {
    const seen = [["127.0.0.1"], ["10.0.0.8"]];
    const moving = { ...world, addressesOf: async () => seen.shift() ?? ["10.0.0.8"] };
    const page = await useTool(fetchUrlTool({ hosts: "any", asksForHosts: false, world: moving }), {
      url: "https://moving.test/page",
    });
    expect(page).toContain("# Hi");
    expect(seen).toEqual([["10.0.0.8"]]);
  });

  it("takes two megabytes of an endless page, and stops when nobody waits any more", async () => {
    const page = await fetchUrl("https://site.test/endless");
    expect(page.length).toBeLessThan(101_000);
    expect(page).toMatch(/… the rest is left out$/);
    const abort = new AbortController();
    const waiting = useTool(
      fetchUrlTool({ hosts: "any", asksForHosts: false, world }),
      { url: "https://site.test/silent" },
      abort.signal,
    );
    setImmediate(() => abort.abort());
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it("trusts no certificate that nobody vouches for", async () => {
    world = { ...world, authorities: [] };
    await expect(fetchUrl("https://site.test/page")).rejects.toThrow(/SELF_SIGNED|UNABLE_TO|self.signed/i);
  });
});
