import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { CallRecord } from "../../../contract/console-api.ts";
import type { ConverseParts } from "../../../server-agent/console/converse.ts";
import type { TurnJournal } from "../../../server-agent/console/turn-journal.ts";
import type { TurnView } from "../../../server-agent/console/turn-view.ts";

/** What the model answers: words, or calls of tools. */
export type Reply = string | readonly { readonly name: string; readonly input: unknown }[];

/** A journal that survives its console, as the daemon's does. */
export interface StoredTurn {
  readonly entries: { readonly kind: string; readonly message: BetaMessageParam }[];
  readonly calls: Map<string, CallRecord>;
}

/** A write is over when `afterWrite` is: one that never ends is a kill. */
export function journalOf(
  stored: StoredTurn,
  afterWrite: () => Promise<void> = async () => await Promise.resolve(),
): TurnJournal {
  const added = stored.entries.map(({ message }) => message);
  return {
    messages: () => [{ role: "user", content: "the request" }, ...added],
    added: () => added,
    hasTaken: () => false,
    call: (callId) => stored.calls.get(callId),
    hasDone: (tool) => [...stored.calls.values()].some((call) => call.tool === tool && call.state === "done"),
    hasOpenCalls: () => [...stored.calls.values()].some(({ state }) => state === "running"),
    async append(kind, message) {
      stored.entries.push({ kind, message });
      added.push(message);
      await afterWrite();
    },
    async record(call) {
      stored.calls.set(call.callId, call);
      await afterWrite();
    },
    async begin({ callId, tool, summary }) {
      stored.calls.set(callId, { callId, tool, summary, state: "running", output: "" });
      await afterWrite();
      return null;
    },
  };
}

/** Answers the requests of the real client with the replies in their order; call ids are the reply's number. */
export function scriptedModel(replies: readonly Reply[]) {
  const requests: { readonly messages: readonly BetaMessageParam[] }[] = [];
  const answer = async (_url: unknown, init?: { readonly body?: unknown }): Promise<Response> => {
    const request = JSON.parse(String(init?.body)) as { messages: BetaMessageParam[] };
    requests.push(request);
    const asked = request.messages.filter(({ role }) => role === "assistant").length;
    const reply = replies[asked] ?? "";
    const headers = { "content-type": "text/event-stream" };
    return await Promise.resolve(new Response(eventsOf(reply, asked), { headers }));
  };
  return { requests, fetch: answer as typeof fetch };
}

function eventsOf(reply: Reply, number: number): string {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: `m${number}`, type: "message", role: "assistant", model: "scripted", content: [], usage };
  const blocks =
    typeof reply === "string" ? textEvents(reply) : reply.flatMap((call, index) => callEvents(call, { index, number }));
  const stop_reason = typeof reply === "string" ? "end_turn" : "tool_use";
  return [
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
    ...blocks,
    { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

function textEvents(text: string) {
  return [
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
  ];
}

interface CallPlace {
  readonly index: number;
  readonly number: number;
}

function callEvents(call: { readonly name: string; readonly input: unknown }, { index, number }: CallPlace) {
  const content_block = { type: "tool_use", id: `call-${number}-${index}`, name: call.name, input: {} };
  const delta = { type: "input_json_delta", partial_json: JSON.stringify(call.input) };
  return [
    { type: "content_block_start", index, content_block },
    { type: "content_block_delta", index, delta },
    { type: "content_block_stop", index },
  ];
}

const VIEW: TurnView = {
  textStarted: () => {},
  text: () => {},
  textEnded: () => {},
  callStarted: () => {},
  callOutput: () => {},
  callEnded: () => {},
  note: () => {},
};

/** What a conversation needs besides its tools, its model and its journal. */
export function quietParts(): Pick<ConverseParts, "view" | "control" | "profile" | "say"> {
  const control = { signal: new AbortController().signal, leave: new AbortController().signal, steering: new Map() };
  return { view: VIEW, control, profile: { model: "scripted", prompt: "" }, say: async () => await Promise.resolve() };
}
