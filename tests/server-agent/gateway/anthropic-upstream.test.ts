import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { forwardToAnthropic } from "../../../server-agent/gateway/anthropic-upstream.ts";
import { startGateway, type GatewayServer } from "./gateway-server.ts";

const KEY = "sk-ant-the-real-key";
const QUESTION = { model: "m", max_tokens: 10, messages: [{ role: "user" as const, content: "a private question" }] };
const EVENTS = [
  {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "an answer" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 34 } },
  { type: "message_stop" },
];

interface Upstream {
  readonly url: string;
  readonly requests: IncomingMessage["headers"][];
}

const opened: (GatewayServer | { close(): void })[] = [];
afterEach(() => opened.splice(0).forEach((each) => each.close()));

/** A stand-in for the Messages API: each request gets the next answer, the last one again and again. */
async function startUpstream(...answers: ((response: ServerResponse) => void)[]): Promise<Upstream> {
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    request.resume();
    requests.push(request.headers);
    (answers[requests.length - 1] ?? answers.at(-1))?.(response);
  });
  const url = await listen(server);
  return { url, requests };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function gatewayTo(url: string, anthropicKey: string | null = KEY): Promise<GatewayServer> {
  const gateway = await startGateway({ config: { model: "anthropic", anthropicUrl: url }, anthropicKey }, "code");
  opened.push(gateway);
  return gateway;
}

const stream = (response: ServerResponse, events: readonly object[]): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    response.write(`event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
};
const answer = (response: ServerResponse): void => {
  stream(response, EVENTS);
  response.end();
};
const overloaded = (response: ServerResponse): void => {
  response
    .writeHead(529, { "retry-after": "0.05" })
    .end('{"type":"error","error":{"type":"overloaded_error","message":"busy"}}');
};

describe("anthropic upstream", () => {
  it("streams the answer through with the real key in place of the agent's token, in the form it came", async () => {
    const upstream = await startUpstream(answer);
    const gateway = await gatewayTo(upstream.url);
    const { content } = await gateway.client.messages.stream(QUESTION).finalMessage();
    const older = gateway.client.withOptions({ defaultHeaders: { "x-api-key": "agent-token", authorization: null } });
    await older.messages.stream(QUESTION).finalMessage();
    expect(content).toEqual([expect.objectContaining({ text: "an answer" })]);
    expect(upstream.requests.map((headers) => [headers.authorization, headers["x-api-key"]])).toEqual([
      [`Bearer ${KEY}`, undefined],
      [undefined, KEY],
    ]);
  });

  it("logs the tokens used, and never a body or a key", async () => {
    const upstream = await startUpstream(answer);
    const gateway = await gatewayTo(upstream.url);
    await gateway.client.messages.stream(QUESTION).finalMessage();
    const log = gateway.logged.join("\n");
    expect(log).toContain('"agent":"code","status":200,"inputTokens":12,"outputTokens":34');
    expect(log).not.toMatch(/sk-ant|agent-token|private question|an answer/);
  });

  it("tries again while the model is overloaded, as long as nothing was streamed", async () => {
    const upstream = await startUpstream(overloaded, overloaded, answer);
    const gateway = await gatewayTo(upstream.url);
    const { content } = await gateway.client.messages.stream(QUESTION).finalMessage();
    expect(content).toHaveLength(1);
    expect(upstream.requests).toHaveLength(3);
  });

  it("passes a refusal on without trying again", async () => {
    const refuse = (response: ServerResponse): void =>
      void response
        .writeHead(401)
        .end('{"type":"error","error":{"type":"authentication_error","message":"invalid key"}}');
    const upstream = await startUpstream(refuse);
    const gateway = await gatewayTo(upstream.url);
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({ status: 401 });
    expect(upstream.requests).toHaveLength(1);
  });

  it("turns a stream that stalls into an error", async () => {
    const upstream = await startUpstream((response) => stream(response, EVENTS.slice(0, 3)));
    const server = createServer((request, response) => {
      const { headers } = request;
      const forwarding = { body: Buffer.from("{}"), headers, response, agent: "code" } as const;
      void forwardToAnthropic({ ...forwarding, url: upstream.url, key: KEY, log: { info() {} }, stallMs: 100 });
    });
    const client = new Anthropic({ apiKey: "x", baseURL: await listen(server), maxRetries: 0 });
    await expect(client.messages.stream(QUESTION).finalMessage()).rejects.toThrow("The model sent nothing for");
  });

  it("says what to do when no key has been given", async () => {
    const gateway = await gatewayTo("http://127.0.0.1:9", null);
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({
      status: 401,
      error: { error: { app_error: { code: "model.not_configured", hint: expect.any(String) } } },
    });
  });
});
