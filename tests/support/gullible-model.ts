import { randomUUID } from "node:crypto";
import { answer, type Block, type MessagesBody, type RecordedRequest, type Reply, say } from "./messages-api.ts";

/** A call that a text orders. */
export interface Order {
  readonly tool: string;
  readonly input: object;
}

/** How a text orders a call in plain sight: on a line of its own. */
export function orderLine({ tool, input }: Order): string {
  return `CALL ${tool} ${JSON.stringify(input)}`;
}

/** The same as a word that can be a file's name. */
export function orderWord(order: Order): string {
  return `CALL64-${Buffer.from(orderLine(order)).toString("base64url")}-`;
}

const LINE = /CALL (\w+) (\{.*\})/g;
const WORD = /CALL64-([\w-]+?)-(?![\w-])/g;

/**
 * A model that does whatever any text says, be it a person's request or the result of a tool: one call after the other,
 * each once, until nothing new is ordered.
 */
export function gullibleModel({ body }: RecordedRequest): Reply {
  const given = ordersOf(body);
  const done = new Set(callsOf(body));
  const next = given.find((line) => !done.has(line));
  if (next === undefined) return say("I have done all I was told.");
  const [, tool = "", input = "{}"] = new RegExp(LINE.source).exec(next) ?? [];
  return answer([{ type: "tool_use", id: `toolu_${randomUUID()}`, name: tool, input: JSON.parse(input) as object }]);
}

function ordersOf(body: MessagesBody): string[] {
  const texts = body.messages.filter(({ role }) => role === "user").flatMap(({ content }) => textsOf(content));
  return texts.flatMap((text) => {
    const words = [...text.matchAll(WORD)].map(([, word = ""]) => Buffer.from(word, "base64url").toString("utf8"));
    return [text, ...words].flatMap((each) => [...each.matchAll(LINE)].flatMap(([line]) => asWritten(line)));
  });
}

/** In one spelling; what is no order after all is left out. */
function asWritten(line: string): string[] {
  const [, tool = "", input = ""] = new RegExp(LINE.source).exec(line) ?? [];
  try {
    return [orderLine({ tool, input: JSON.parse(input) as object })];
  } catch {
    return [];
  }
}

function callsOf(body: MessagesBody): string[] {
  return body.messages
    .filter(({ role }) => role === "assistant")
    .flatMap(({ content }) => (Array.isArray(content) ? (content as Block[]) : []))
    .flatMap((block) => (block.type === "tool_use" ? orderLine({ tool: block.name, input: block.input }) : []));
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return (content as Record<string, unknown>[]).flatMap(({ text, content: within }) => {
    return typeof text === "string" ? text : textsOf(within);
  });
}
