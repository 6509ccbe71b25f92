import { afterEach, describe, expect, it } from "vitest";
import {
  answer,
  inOrder,
  type MessagesApi,
  refuse,
  type Reply,
  say,
  stall,
  startMessagesApi,
} from "../../support/messages-api.ts";
import { until } from "../../support/start-program.ts";
import { type GatewayServer, recordingLedger, startGateway } from "./gateway-server.ts";

const KEY = "sk-ant-the-real-key";
const QUESTION = {
  model: "claude-sonnet-5-5",
  max_tokens: 10,
  messages: [{ role: "user" as const, content: "a private question" }],
};

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((each) => each.close()));

async function provider(...replies: readonly [Reply, ...Reply[]]): Promise<MessagesApi> {
  const api = await startMessagesApi(inOrder(...replies));
  opened.push(api);
  return api;
}

type Settings = Partial<Parameters<typeof startGateway>[0]>;

async function gatewayTo(url: string, settings: Settings = {}): Promise<GatewayServer> {
  const parts = { config: { model: "anthropic", anthropicUrl: url }, anthropicKey: KEY, ...settings } as const;
  const gateway = await startGateway(parts, "code");
  opened.push(gateway);
  return gateway;
}

const ask = async ({ client }: GatewayServer) => await client.messages.stream(QUESTION).finalMessage();

describe("anthropic upstream", () => {
  it("streams the answer through with the real key in place of the agent's token, in the form it came", async () => {
    const api = await provider(say("an answer"));
    const gateway = await gatewayTo(api.url);
    const { content } = await ask(gateway);
    const older = gateway.client.withOptions({ defaultHeaders: { "x-api-key": "agent-token", authorization: null } });
    await older.messages.stream(QUESTION).finalMessage();
    expect(content).toEqual([expect.objectContaining({ text: "an answer" })]);
    expect(api.requests.map(({ headers }) => [headers.authorization, headers["x-api-key"]])).toEqual([
      [`Bearer ${KEY}`, undefined],
      [undefined, KEY],
    ]);
  });

  it("never tells the provider which turn it is, and never logs a body or a key", async () => {
    const api = await provider(say("an answer"));
    const gateway = await gatewayTo(api.url);
    await ask(gateway);
    expect(api.requests[0]?.headers["x-ai-infra-turn"]).toBeUndefined();
    const log = gateway.logged.join("\n");
    expect(log).toContain('"agent":"code","model":"claude-sonnet-5-5","status":200');
    expect(log).not.toMatch(/sk-ant|agent-token|private question|an answer/);
  });

  it("tries again while the model is overloaded, as long as nothing was streamed", async () => {
    const busy = refuse(529, "busy", { "retry-after": "0.05" });
    const api = await provider(busy, busy, say("an answer"));
    const gateway = await gatewayTo(api.url);
    expect((await ask(gateway)).content).toHaveLength(1);
    expect(api.requests).toHaveLength(3);
  });

  it("passes a refusal on without trying again", async () => {
    const api = await provider(refuse(401, "invalid key"));
    const gateway = await gatewayTo(api.url);
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({ status: 401 });
    expect(api.requests).toHaveLength(1);
  });

  it("turns a stream that stalls in the middle of a tool's input into an error", async () => {
    const call = { type: "tool_use", id: "call-1", name: "run_command", input: { command: "rm -rf /" } } as const;
    const api = await provider(stall([call], ({ type }) => type === "content_block_delta"));
    const gateway = await gatewayTo(api.url, { stallMs: 100 });
    await expect(ask(gateway)).rejects.toThrow("The model sent nothing for");
    await until("the end is in the books", () => gateway.ledger.uses.at(-1)?.error === "model.stalled");
  });

  it("says what to do when no key has been given", async () => {
    const gateway = await gatewayTo("http://127.0.0.1:9", { anthropicKey: null });
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({
      status: 401,
      error: { error: { app_error: { code: "model.not_configured", hint: expect.any(String) } } },
    });
  });
});

describe("the books of a request", () => {
  it("name its turn, and hold every kind of token, whole before the answer ends", async () => {
    const usage = {
      input_tokens: 12,
      output_tokens: 34,
      cache_creation_input_tokens: 500,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 100 },
      cache_read_input_tokens: 2_000,
    };
    const api = await provider(answer([{ type: "text", text: "an answer" }], usage));
    const gateway = await gatewayTo(api.url);
    await ask(gateway);
    expect(gateway.ledger.opened).toMatchObject([
      { agent: "code", turnId: "turn-1", model: "claude-sonnet-5-5", simulated: false },
    ]);
    expect(gateway.ledger.uses.at(-1)).toEqual({
      model: "claude-sonnet-5-5",
      status: 200,
      error: null,
      tokens: { input: 12, output: 34, cacheWrite5m: 400, cacheWrite1h: 100, cacheRead: 2_000 },
      ms: expect.any(Number),
      firstTokenMs: expect.any(Number),
    });
  });

  it("count what a stream had written when it was cut", async () => {
    const cut: Reply = (response, request) => {
      stall([{ type: "text", text: "x".repeat(400) }], ({ type }) => type === "content_block_delta")(response, request);
      setImmediate(() => response.destroy());
    };
    const api = await provider(cut);
    const gateway = await gatewayTo(api.url);
    await expect(ask(gateway)).rejects.toThrow();
    await until("the end is in the books", () => gateway.ledger.uses.at(-1)?.error === "model.unreachable");
    expect(gateway.ledger.uses.at(-1)?.tokens).toMatchObject({ input: 10, output: 100 });
  });

  it("hold refusals too, and requests whose console went away", async () => {
    const api = await provider(
      refuse(400, "bad"),
      stall([{ type: "text", text: "half" }], () => false),
    );
    const gateway = await gatewayTo(api.url);
    await expect(ask(gateway)).rejects.toThrow("bad");
    const stop = new AbortController();
    const stream = gateway.client.messages.stream(QUESTION, { signal: stop.signal });
    stream.on("text", () => stop.abort());
    await expect(stream.finalMessage()).rejects.toThrow();
    await until("both are in the books", () => gateway.ledger.uses.length >= 3);
    const ends = gateway.ledger.uses.map(({ status, error }) => `${status} ${error}`);
    expect([ends[0], ends.at(-1)]).toEqual(["400 null", "200 app.cancelled"]);
  });
});

describe("a request that has to wait", () => {
  const spent = { reason: { code: "model.budget_spent", message: "The budget is spent" }, until: null } as const;

  it("is not sent when a budget is spent, and is told so that the turn can rest", async () => {
    const api = await provider(say("never"));
    const gateway = await gatewayTo(api.url, { ledger: recordingLedger(() => spent) });
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({
      status: 402,
      error: { error: { type: "billing_error", rest: spent } },
    });
    expect(api.requests).toHaveLength(0);
  });

  it("rests until the provider's usage limit is over", async () => {
    const api = await provider(
      refuse(
        400,
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
      ),
    );
    const gateway = await gatewayTo(api.url);
    await expect(gateway.client.messages.create(QUESTION)).rejects.toMatchObject({
      status: 402,
      error: {
        error: { rest: { reason: { code: "model.usage_limited" }, until: "2026-12-01T00:00:00.000Z" } },
      },
    });
    expect(gateway.ledger.uses).toMatchObject([{ status: 400, error: "model.usage_limited" }]);
  });

  it("rests when the provider says to come back much later, and asks no second time", async () => {
    const api = await provider(refuse(429, "Slow down", { "retry-after": "7200" }));
    const gateway = await gatewayTo(api.url);
    const before = Date.now();
    const error: unknown = await gateway.client.messages.create(QUESTION).catch((reason: unknown) => reason);
    const { until: time } = (error as { error: { error: { rest: { until: string } } } }).error.error.rest;
    expect(Date.parse(time) - before).toBeGreaterThanOrEqual(7_200_000);
    expect(api.requests).toHaveLength(1);
  });
});

describe("agents that share the account", () => {
  it("all wait after one of them met the rate limit, and then go out one by one", async () => {
    const api = await provider(refuse(429, "Slow down", { "retry-after": "0.3" }), say("an answer"));
    const gateway = await gatewayTo(api.url);
    const started = performance.now();
    const first = ask(gateway);
    await until("the limit is known", () => api.requests.length === 1);
    const others = (["data", "qa"] as const).map(
      async (agent) => await gateway.clientOf(agent).messages.stream(QUESTION).finalMessage(),
    );
    await Promise.all([first, ...others]);
    expect(api.requests).toHaveLength(4);
    expect(performance.now() - started).toBeGreaterThanOrEqual(300);
  });

  it("lose their place in the line when they go away", async () => {
    const api = await provider(refuse(429, "Slow down", { "retry-after": "0.3" }), say("an answer"));
    const gateway = await gatewayTo(api.url);
    const first = ask(gateway);
    await until("the limit is known", () => api.requests.length === 1);
    const stop = new AbortController();
    const gone = gateway.clientOf("qa").messages.create(QUESTION, { signal: stop.signal });
    await until("the second one waits", () => gateway.ledger.opened.length === 2);
    stop.abort();
    await expect(gone).rejects.toThrow();
    await first;
    expect(api.requests).toHaveLength(2);
  });
});
