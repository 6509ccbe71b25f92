import { z } from "zod";
import type { AgentName } from "../../contract/agents.ts";
import { HOOKS_SAY } from "../../contract/console-api.ts";
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

/** The last request of a person or agent, and the outcome of every tool call made since. */
export function readConversation(request: MessagesRequest, agent: AgentName): Conversation {
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
