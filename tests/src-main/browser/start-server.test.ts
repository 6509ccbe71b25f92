import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { toWireError } from "../../../contract/errors.ts";
import type { HostApi } from "../../../contract/host-api.ts";
import { builtArtifacts } from "../../../src-main/artifacts.ts";
import { createHost, type Host } from "../../../src-main/app.ts";
import { startBrowserServer, type BrowserServer } from "../../../src-main/browser/start-server.ts";

let folder: string;
let host: Host;
let server: BrowserServer;
let nextAddress: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ai-infra-browser-"));
  writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>page</title>");
  const artifacts = builtArtifacts({ folder, node: process.execPath, version: "1.2.3" });
  host = await createHost({ home: path.join(folder, "home"), shell: "browser", artifacts, log: () => {} });
  server = await startBrowserServer({
    host,
    pageFolder: folder,
    port: 0,
    secret: "the secret of this run",
    onNextAddress: (address) => (nextAddress = address),
    log: () => {},
  });
});
afterEach(async () => {
  await server.close();
  await host.close();
  rmSync(folder, { recursive: true });
});

const origin = () => new URL(server.address).origin;
const tokenOf = (address: string) => new URL(address).hash.slice("#t=".length);

async function trade(address: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ token: tokenOf(address) });
  return fetch(`${origin()}/session`, { method: "POST", body, headers: { origin: origin(), ...headers } });
}

async function openSession(address = server.address): Promise<string> {
  const { session } = (await (await trade(address)).json()) as { session: string };
  return session;
}

/** The HTTP status that refused a WebSocket, or 101. */
async function upgradeStatus(session: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${origin().replace("http", "ws")}/channel/host`, ["rpc.v1", `s.${session}`], {
    headers,
  });
  return new Promise((resolve, reject) => {
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.once("open", () => (socket.close(), resolve(101)));
    socket.once("error", reject);
  });
}

it("serves the page under a policy that lets nothing in from outside", async () => {
  const response = await fetch(origin());
  expect(await response.text()).toContain("<title>page</title>");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self';");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

it("trades the token of its address for a session once, and then has another address", async () => {
  expect((await trade(server.address)).status).toBe(200);
  expect((await trade(server.address)).status).toBe(401);
  expect((await trade(nextAddress)).status).toBe(200);
});

it("answers HostApi through a channel, with typed errors", async () => {
  const session = await openSession();
  const url = `${origin().replace("http", "ws")}/channel/host`;
  const websocket = new WebSocket(url, ["rpc.v1", `s.${session}`], { origin: origin() });
  const client: ContractRouterClient<typeof HostApi> = createORPCClient(new RPCLink({ websocket }));
  expect(await client.app.info()).toEqual({ version: "1.2.3", shell: "browser", platform: "linux", keychain: false });
  const missing = await client.servers.connect({ id: "x" }).catch(toWireError);
  expect(missing).toEqual({ code: "server.not_found", message: "There is no server x in the list" });
  const invalid = await client.servers.rename({ id: "x", name: " " }).catch(toWireError);
  expect(invalid).toMatchObject({ code: "app.bad_input", message: expect.stringContaining("name: ") });
  websocket.close();
});

it("streams the list of servers, and again after each change", async () => {
  const lists = await host.client.servers.watch();
  expect((await lists.next()).value).toEqual([]);
  const address = { host: "203.0.113.1", port: 22, user: "root" };
  const added = await host.client.servers.add({ address, auth: { kind: "agent" } });
  expect((await lists.next()).value).toEqual([{ server: added, connection: { state: "offline" } }]);
  await lists.return();
});

it.each([
  ["another site's page", { origin: "https://evil.example" }, 403],
  ["a page without origin", {}, 403],
  ["a name that was rebound to this computer", { host: "evil.example", origin: "http://evil.example" }, 421],
])("opens no channel for %s", async (_who, headers, status) => {
  expect(await upgradeStatus(await openSession(), headers)).toBe(status);
});

it("opens no channel without a session", async () => {
  expect(await upgradeStatus("guess", { origin: origin() })).toBe(401);
  expect(await upgradeStatus(await openSession(), { origin: origin() })).toBe(101);
});

it("refuses requests made under another host name", async () => {
  const { port } = new URL(server.address);
  const status = await new Promise((resolve) => {
    http.get({ host: "127.0.0.1", port, headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  expect(status).toBe(421);
});

it("tells its address to who has the secret of the run, and to no page", async () => {
  const ask = (secret: string, headers: Record<string, string> = {}) =>
    fetch(`${origin()}/address`, { method: "POST", body: JSON.stringify({ token: secret }), headers });
  expect(await (await ask("the secret of this run")).json()).toEqual({ url: server.address });
  expect((await ask("a guess")).status).toBe(403);
  expect((await ask("the secret of this run", { origin: origin() })).status).toBe(403);
});

it("listens on another port when the one of last time is taken", async () => {
  const { port } = server;
  const parts = { host, pageFolder: folder, secret: "", onNextAddress: () => {}, log: () => {} };
  const second = await startBrowserServer({ ...parts, port });
  expect(second.port).not.toBe(port);
  await second.close();
});
