import type {
  BetaContentBlockParam,
  BetaRawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { z } from "zod";
import { TEAM_TOOL_PREFIX } from "../../../contract/console-api.ts";
import { isFinal, utterancesOf } from "../conversation.ts";
import { DriverStopped } from "../driver-stopped.ts";
import { type AnswerShow, showAnswer } from "../show-answer.ts";
import { type Answer, keepAnswer } from "../step.ts";
import type { CallDesk } from "./call-desk.ts";
import type { DriverParts } from "./driver.ts";
import type { SessionEnd } from "./session-end.ts";

/** As much of what the program says as is read. */
const Block = z.looseObject({ type: z.string() });
const SessionMessage = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("stream_event"), event: z.looseObject({ type: z.string() }) }),
  z.looseObject({
    type: z.literal("assistant"),
    message: z.looseObject({ id: z.string(), content: z.array(Block) }),
  }),
  z.looseObject({
    type: z.literal("user"),
    message: z.looseObject({ content: z.union([z.string(), z.array(Block)]) }),
  }),
  z.looseObject({ type: z.literal("system"), subtype: z.string(), tools: z.array(z.string()).optional() }),
  z.looseObject({ type: z.literal("result"), subtype: z.string(), result: z.string().optional() }),
]);
type SessionMessage = z.infer<typeof SessionMessage>;
const Other = z.looseObject({ type: z.string() });

const ToolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  is_error: z.boolean().optional(),
});

export interface ReaderParts {
  readonly driver: DriverParts;
  readonly desk: CallDesk;
  readonly end: SessionEnd;
  readonly pause: () => Promise<void>;
}

/** Takes what the program says, in order: shows it, and journals each answer when the whole of it has come. */
export function createSessionReader(parts: ReaderParts): { take(said: unknown): Promise<void> } {
  let answer: PartialAnswer | null = null;
  const takeEvent = async (event: BetaRawMessageStreamEvent): Promise<void> => {
    parts.driver.control.pulse.moved();
    if (event.type === "message_start") answer = beginAnswer(event, parts.driver);
    answer?.show.take(event);
    if (event.type === "message_delta" && answer) answer.usage = { ...answer.usage, ...withoutNulls(event.usage) };
    if (event.type !== "message_stop" || !answer) return;
    const { content, usage, show } = answer;
    answer = null;
    await takeAnswer({ message: { role: "assistant", content }, usage }, show, parts);
  };
  const takeMessage = async (message: SessionMessage): Promise<void> => {
    switch (message.type) {
      case "stream_event":
        return await takeEvent(message.event as unknown as BetaRawMessageStreamEvent);
      case "assistant":
        if (message.message.id === answer?.id) answer.content.push(...message.message.content.map(withOwnNames));
        return;
      case "user":
        return await takeResults(message.message.content, parts.desk);
      case "system":
        return checkSystem(message, parts);
      case "result":
        return parts.end.fail(new DriverStopped(`Claude Code stopped: ${message.result ?? message.subtype}`));
    }
  };
  return {
    async take(said) {
      const isKnown = SessionMessage.options.some(({ shape }) => shape.type.value === Other.parse(said).type);
      // A subagent would speak with a parent; there is none.
      if (!isKnown || hasParent(said)) return;
      await takeMessage(SessionMessage.parse(said)).catch((error: unknown) => parts.end.fail(error));
    },
  };
}

interface PartialAnswer {
  readonly id: string;
  readonly content: BetaContentBlockParam[];
  readonly show: AnswerShow;
  usage: Answer["usage"];
}

function beginAnswer(
  { message }: Extract<BetaRawMessageStreamEvent, { type: "message_start" }>,
  { view, journal }: DriverParts,
): PartialAnswer {
  const show = showAnswer(view, utterancesOf(journal.added()));
  return { id: message.id, content: [], show, usage: message.usage };
}

async function takeAnswer(answer: Answer, show: AnswerShow, { driver, desk, pause }: ReaderParts): Promise<void> {
  await keepAnswer(answer, show, driver);
  await desk.answerKept(answer.message);
  if (isFinal(answer.message)) await pause();
}

function withOwnNames(block: z.infer<typeof Block>): BetaContentBlockParam {
  const name = block["name"];
  const isOurs = block.type === "tool_use" && typeof name === "string" && name.startsWith(TEAM_TOOL_PREFIX);
  const own = isOurs ? { ...block, name: name.slice(TEAM_TOOL_PREFIX.length) } : block;
  return own as unknown as BetaContentBlockParam;
}

async function takeResults(content: string | z.infer<typeof Block>[], desk: CallDesk): Promise<void> {
  if (typeof content === "string") return;
  for (const block of content) {
    const result = ToolResult.safeParse(block).data;
    if (!result) continue;
    const output = textOf(result["content"]);
    await desk.answered(result.tool_use_id, { output, failed: result.is_error === true });
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = z.array(z.looseObject({ text: z.string().optional() })).safeParse(content).data ?? [];
  return parts.flatMap(({ text }) => text ?? []).join("\n");
}

function checkSystem(message: Extract<SessionMessage, { type: "system" }>, { end }: ReaderParts): void {
  // Asking again is done from the journal, with the reason that the gateway gave.
  if (message.subtype === "api_retry") end.fail(new DriverStopped("Claude Code could not reach the model"));
  const foreign = message.tools?.filter((name) => !name.startsWith(TEAM_TOOL_PREFIX)) ?? [];
  if (foreign.length > 0) end.fail(new Error(`Claude Code has tools of its own: ${foreign.join(", ")}`));
}

function hasParent(said: unknown): boolean {
  return typeof (said as { parent_tool_use_id?: unknown }).parent_tool_use_id === "string";
}

function withoutNulls(usage: object): Partial<Answer["usage"]> {
  return Object.fromEntries(Object.entries(usage).filter(([, count]) => typeof count === "number"));
}
