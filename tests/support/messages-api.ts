import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as it came, byte for byte. */
export interface RecordedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: MessagesBody;
}

export interface MessagesBody {
  readonly model: string;
  readonly system: unknown;
  readonly tools: unknown;
  readonly cache_control?: unknown;
  readonly thinking?: unknown;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object }
  | { readonly type: "server_tool_use"; readonly id: string; readonly name: string; readonly input: object }
  | { readonly type: "web_search_tool_result"; readonly tool_use_id: string; readonly content: readonly object[] };

export interface UsageCounts {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation?: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
}

export type Reply = (response: ServerResponse, request: RecordedRequest) => void;

/** A stand-in for the Messages API that keeps every request. `reply` decides by the request and its number, from 0. */
export interface MessagesApi {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  close(): void;
}

export async function startMessagesApi(
  reply: (request: RecordedRequest, number: number) => Reply | Promise<Reply>,
  host = "127.0.0.1",
): Promise<MessagesApi> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const raw = await text(incoming);
      const request = { headers: incoming.headers, raw, body: JSON.parse(raw) as MessagesBody };
      const number = requests.push(request) - 1;
      (await reply(request, number))(response, request);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Each request gets the next reply, the last one again and again. */
export function inOrder(...replies: readonly [Reply, ...Reply[]]): (request: RecordedRequest, number: number) => Reply {
  return (_, number) => replies[Math.min(number, replies.length - 1)] ?? replies[0];
}

/** Streams an answer of these blocks. */
export function answer(blocks: readonly Block[], usage: UsageCounts = {}, headers: Record<string, string> = {}): Reply {
  return (response) => {
    startStream(response, headers);
    for (const event of eventsOf(blocks, usage)) writeEvent(response, event);
    response.end();
  };
}

/** The same, with its end this much later, as of a model that writes for some time. */
export function answerSlowly(blocks: readonly Block[], ms: number, onEnd: () => void): Reply {
  return (response) => {
    startStream(response, {});
    const events = eventsOf(blocks, {});
    for (const event of events.slice(0, -2)) writeEvent(response, event);
    setTimeout(() => {
      for (const event of events.slice(-2)) writeEvent(response, event);
      response.end();
      onEnd();
    }, ms);
  };
}

export function say(words: string, usage: UsageCounts = {}): Reply {
  return answer([{ type: "text", text: words }], usage);
}

/** Begins an answer and then sends nothing more: `until` says after which event. */
export function stall(blocks: readonly Block[], until: (event: StreamEvent) => boolean): Reply {
  return (response) => {
    startStream(response, {});
    for (const event of eventsOf(blocks, {})) {
      writeEvent(response, event);
      if (until(event)) return;
    }
  };
}

export function refuse(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return (response) => {
    const body = { type: "error", error: { type: "error", message } };
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

export type StreamEvent = { readonly type: string; readonly [key: string]: unknown };

function startStream(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
}

function writeEvent(response: ServerResponse, event: StreamEvent): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function eventsOf(blocks: readonly Block[], usage: UsageCounts): StreamEvent[] {
  const start = { input_tokens: 10, output_tokens: 1, ...usage };
  const stop_reason = blocks.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
  const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-5-5", content: [] };
  return [
    {
      type: "message_start",
      message: { ...message, stop_reason: null, stop_sequence: null, usage: { ...start, output_tokens: 1 } },
    },
    ...blocks.flatMap((block, index) => blockEvents(block, index)),
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens ?? 5 },
    },
    { type: "message_stop" },
  ];
}

function blockEvents(block: Block, index: number): StreamEvent[] {
  const delta = (value: object): StreamEvent => ({ type: "content_block_delta", index, delta: value });
  const start = (content_block: object): StreamEvent => ({ type: "content_block_start", index, content_block });
  const stop = { type: "content_block_stop", index };
  switch (block.type) {
    case "text":
      return [start({ type: "text", text: "" }), delta({ type: "text_delta", text: block.text }), stop];
    case "thinking":
      return [
        start({ type: "thinking", thinking: "", signature: "" }),
        delta({ type: "thinking_delta", thinking: block.thinking }),
        delta({ type: "signature_delta", signature: block.signature }),
        stop,
      ];
    case "web_search_tool_result":
      return [start(block), stop];
    case "tool_use":
    case "server_tool_use": {
      const { type, id, name, input } = block;
      const json = JSON.stringify(input);
      const half = Math.ceil(json.length / 2);
      const parts = [json.slice(0, half), json.slice(half)];
      const deltas = parts.map((partial_json) => delta({ type: "input_json_delta", partial_json }));
      return [start({ type, id, name, input: {} }), ...deltas, stop];
    }
  }
}
