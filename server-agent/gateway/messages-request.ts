import { z } from "zod";
import type { AgentName } from "../../contract/agents.ts";
import { GO_ON, HOOKS_SAY, TEAM_TOOL_PREFIX } from "../../contract/console-api.ts";
import type { Conversation, ToolOutcome } from "./plan-reply.ts";

const Block = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(Block)]);

/** As much of a Messages API request as the simulated model reads. */
export const MessagesRequest = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(z.looseObject({ role: z.string(), content: Content })).min(1),
  tools: z.array(z.looseObject({ name: z.string().optional() })).default([]),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

type Blocks = readonly z.infer<typeof Block>[];

/**
 * A request of Claude Code, as ours would be: it gathers what was said one after another into one message, adds words of
 * its own, and calls tools by longer names. Other requests stay as they are.
 */
function plainRequest(request: MessagesRequest): MessagesRequest {
  return {
    ...request,
    messages: request.messages.flatMap((message) =>
      message.role === "user" ? saidApart(message.content).map((content) => ({ role: "user", content })) : message,
    ),
    tools: request.tools.map((tool) => ({ ...tool, name: tool.name?.replace(TEAM_TOOL_PREFIX, "") })),
  };
}

function saidApart(content: z.infer<typeof Content>): z.infer<typeof Content>[] {
  const blocks: Blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const isAdded = (block: Blocks[number]): boolean =>
    /^(?:<system-reminder>|\s*$)/.test(textOf([block])) || textOf([block]).trim() === GO_ON;
  const results = blocks.filter(({ type }) => type !== "text");
  const texts = blocks.filter((block) => block.type === "text" && !isAdded(block));
  return [...(results.length > 0 ? [results] : []), ...texts.map((text) => [text])];
}

/** The last request of a person or agent, and the outcome of every tool call made since. */
export function readConversation(given: MessagesRequest, agent: AgentName): Conversation {
  const request = plainRequest(given);
  const asked = askedAt(request);
  const since = request.messages.slice(asked + 1);
  const outcomes = new Map(
    since.flatMap((message) =>
      blocksOf(message.content)
        .filter((block) => block.type === "tool_result")
        .map(outcomeOf),
    ),
  );
  const calls = since
    .filter((message) => message.role === "assistant")
    .flatMap((message) => blocksOf(message.content).filter((block) => block.type === "tool_use"));
  return {
    agent,
    request: textOf(request.messages[asked]?.content ?? ""),
    results: calls.map((call) => outcomes.get(String(call["id"])) ?? { output: "", failed: true }),
    tools: request.tools.flatMap((tool) => tool.name ?? []),
  };
}

/** What the one who asks calls a tool of ours. */
export function offeredName({ tools }: MessagesRequest, name: string): string {
  const offered = tools.find((tool) => tool.name === `${TEAM_TOOL_PREFIX}${name}`);
  return offered?.name ?? name;
}

const PHASE_REQUEST = /^[A-Z]+, round \d+ of run /m;

/** Where the last request stands; in a phase of a run, where that began: it may have been reminded of its output. */
function askedAt({ messages, tools }: MessagesRequest): number {
  const isAsked = ({ role, content }: MessagesRequest["messages"][number]): boolean =>
    role === "user" && isRequest(content);
  const inPhase = tools.some(({ name }) => name === "submit_output")
    ? messages.findLastIndex((message) => isAsked(message) && PHASE_REQUEST.test(textOf(message.content)))
    : -1;
  return inPhase >= 0 ? inPhase : messages.findLastIndex(isAsked);
}

function isRequest(content: z.infer<typeof Content>): boolean {
  return !textOf(content).startsWith(HOOKS_SAY) && !blocksOf(content).some((block) => block.type === "tool_result");
}

function outcomeOf(block: Blocks[number]): [string, ToolOutcome] {
  const content = Content.safeParse(block["content"]);
  return [
    String(block["tool_use_id"]),
    { output: content.success ? textOf(content.data) : "", failed: block["is_error"] === true },
  ];
}

function blocksOf(content: z.infer<typeof Content>): Blocks {
  return typeof content === "string" ? [] : content;
}

function textOf(content: z.infer<typeof Content>): string {
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? String(block["text"]) : [])).join("\n");
}
