import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AnthropicError, APIConnectionError, APIError } from "@anthropic-ai/sdk/error";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TURN_HEADER } from "../../../../contract/console-api.ts";
import {
  type LoopbackGateway,
  openLoopbackGateway,
} from "../../../../server-agent/console/drivers/loopback-gateway.ts";
import { createUnixFetch } from "../../../../server-agent/console/unix-fetch.ts";

type Served = { readonly url: string; readonly headers: Record<string, unknown>; readonly body: string };

let folder: string;
let served: Served[];
let reply: { status: number; type: string; chunks: readonly string[]; isCut?: boolean };
let faults: unknown[];
let loopback: LoopbackGateway;
let close: () => void;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "loopback-"));
  served = [];
  faults = [];
  reply = { status: 200, type: "text/event-stream", chunks: ["event: message_stop\ndata: {}\n\n"] };
  const socket = path.join(folder, "gateway.sock");
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      served.push({ url: request.url ?? "", headers: request.headers, body });
      response.writeHead(reply.status, { "content-type": reply.type });
      for (const chunk of reply.chunks) response.write(chunk);
      if (reply.isCut) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  close = () => server.close();
  const parts = {
    turnId: "turn-1",
    fetch: createUnixFetch(socket, 5_000),
    onFault: (error: unknown) => faults.push(error),
  };
  loopback = await openLoopbackGateway(parts);
});
afterEach(() => {
  loopback.close();
  close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (given: { path?: string; method?: string; token?: string | null } = {}): Promise<Response> => {
  const { path: asked = "/v1/messages?beta=true", method = "POST", token = loopback.token } = given;
  const headers = {
    "anthropic-beta": "some-beta",
    "x-other": "dropped",
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return await fetch(`${loopback.url}${asked}`, { method, headers, ...(method === "POST" && { body: "{}" }) });
};

describe("the model gateway on this machine's own address", () => {
  it("passes a request on with the turn it is for, and neither its token nor other headers", async () => {
    expect(await (await ask()).text()).toContain("message_stop");
    expect(served).toHaveLength(1);
    expect(served[0]).toMatchObject({
      url: "/v1/messages",
      body: "{}",
      headers: { [TURN_HEADER]: "turn-1", "anthropic-beta": "some-beta", authorization: "Bearer held-by-the-gateway" },
    });
    expect(JSON.stringify(served)).not.toContain(loopback.token);
    expect(served[0]?.headers).not.toHaveProperty("x-other");
    expect(faults).toEqual([]);
  });

  it.each([
    ["no token", null],
    ["a foreign token", "A".repeat(43)],
    ["a token that is longer", `x`.repeat(500)],
  ])("refuses %s", async (_, token) => {
    expect((await ask({ token })).status).toBe(401);
    expect(served).toEqual([]);
  });

  it("refuses the token of another turn", async () => {
    const other = await openLoopbackGateway({ turnId: "turn-2", fetch, onFault: () => undefined });
    expect((await ask({ token: other.token })).status).toBe(401);
    other.close();
  });

  it.each([
    ["POST", "/v1/messages/count_tokens"],
    ["POST", "/v1/messages/../files"],
    ["POST", "/"],
    ["GET", "/v1/messages"],
    ["GET", "/v1/models"],
  ])("refuses %s %s", async (method, asked) => {
    expect((await ask({ method, path: asked })).status).toBe(404);
    expect(served).toEqual([]);
  });

  it("listens on this machine only", () => {
    expect(new URL(loopback.url).hostname).toBe("127.0.0.1");
  });

  it("tells of a refusal as when we ask ourselves", async () => {
    const body = { type: "error", error: { type: "billing_error", message: "spent", rest: { until: null } } };
    reply = { status: 402, type: "application/json", chunks: [JSON.stringify(body)] };
    expect((await ask()).status).toBe(402);
    expect(faults).toEqual([expect.any(APIError)]);
    expect(faults[0]).toMatchObject({ status: 402, error: body });
  });

  it("tells of an error that ends a stream which has begun", async () => {
    const error = { type: "error", error: { type: "overloaded_error", message: "stalled" } };
    const text = `event: ping\ndata: {}\n\nevent: error\ndata: ${JSON.stringify(error)}\n\n`;
    reply = { ...reply, chunks: [text.slice(0, 40), text.slice(40)] };
    await (await ask()).text();
    expect(faults).toEqual([expect.any(APIError)]);
    expect(faults[0]).toMatchObject({ status: undefined, error });
  });

  it("tells of a stream that is cut, and of a gateway that is away", async () => {
    reply = { ...reply, chunks: ["event: ping\ndata: {}\n\n"], isCut: true };
    await expect(ask().then(async (answer) => await answer.text())).rejects.toThrow();
    expect(faults).toEqual([expect.any(AnthropicError)]);
    close();
    rmSync(path.join(folder, "gateway.sock"), { force: true });
    await expect(ask()).rejects.toThrow();
    expect(faults[1]).toBeInstanceOf(APIConnectionError);
  });
});
