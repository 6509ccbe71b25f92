import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import type {
  BetaContentBlockParam,
  BetaMessageParam,
  BetaRawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { TURN_HEADER } from "../../contract/console-api.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { AgentProfile } from "../agents/roster.ts";
import { runCall, type CallParts } from "./run-call.ts";
import { TurnLeft } from "./turn-left.ts";
import type { TurnControl } from "./turn-runner.ts";

export interface ConverseParts extends CallParts {
  readonly turnId: string;
  readonly tools: readonly AgentTool[];
  readonly profile: Pick<AgentProfile, "model" | "prompt">;
  readonly control: TurnControl;
  readonly fetch: typeof fetch;
  /** Stores a finished piece of text; the same index twice is one. */
  readonly say: (messageIndex: number, text: string) => Promise<void>;
}

const MAX_TOKENS = 16_000;
const MAX_RETRIES = 4;
const REQUEST_TIMEOUT_MS = 15 * 60_000;

/**
 * Talks with the model until it needs no more tools, and gives its last words. Each answer is journalled before its
 * tools run, their results after, so that calling this again after any cut goes on where the journal ends.
 */
export async function converse(parts: ConverseParts): Promise<string> {
  const { journal } = parts;
  await sayFrom(0, parts);
  if (isFinal(journal.added().at(-1))) return lastWords(journal.added());
  const runner = startRunner(parts);
  const unanswered = await answerPendingCalls(runner, parts);
  runner.pushMessages(...(unanswered ? [unanswered] : []), ...(await takeSteering(parts)));
  for await (const stream of runner) {
    let next = textsOf(journal.added()).length;
    stream.on("streamEvent", (event) => {
      if (event.type === "content_block_start" && event.content_block.type === "text") parts.view.textStarted(next++);
      showText(event, parts);
    });
    const message = await stream.finalMessage();
    const spoken = textsOf(journal.added()).length;
    const reply: BetaMessageParam = { role: "assistant", content: message.content as BetaContentBlockParam[] };
    await journal.append("assistant", reply);
    await sayFrom(spoken, parts);
    const results = await runner.generateToolResponse();
    await endOfStep(results, parts);
    const said = await takeSteering(parts);
    // Who adds to a runner's history within a step takes it over whole.
    if (said.length > 0) runner.pushMessages(reply, ...(results ? [results] : []), ...said);
  }
  return lastWords(journal.added());
}

async function sayFrom(first: number, { journal, say }: ConverseParts): Promise<void> {
  for (const [index, text] of textsOf(journal.added()).entries()) {
    if (index >= first && text !== "") await say(index, text);
  }
}

function startRunner({ turnId, profile, tools, journal, fetch, control, view }: ConverseParts) {
  const client = new Anthropic({
    apiKey: "held-by-the-gateway",
    baseURL: "http://gateway",
    fetch,
    maxRetries: MAX_RETRIES,
    timeout: REQUEST_TIMEOUT_MS,
    logLevel: "off",
  });
  const runnable = tools.map((tool) =>
    betaZodTool({
      name: tool.name,
      description: tool.description,
      inputSchema: tool.inputSchema,
      run: async (input, context) => {
        if (!context) throw new Error("A tool was run outside a call");
        const outcome = await runCall(tool, { id: context.toolUse.id, input }, { journal, view, control });
        if (outcome.failed) throw new ToolError(outcome.output);
        return outcome.output;
      },
    }),
  );
  return client.beta.messages.toolRunner(
    {
      model: profile.model,
      max_tokens: MAX_TOKENS,
      system: profile.prompt,
      messages: journal.messages(),
      tools: runnable,
      stream: true,
      thread: false,
    },
    { signal: AbortSignal.any([control.signal, control.leave]), headers: { [TURN_HEADER]: turnId } },
  );
}

type Runner = ReturnType<typeof startRunner>;

/** What the last step did is kept before anything may stop the turn; a step with a call that is still open is no step yet. */
async function endOfStep(results: BetaMessageParam | null, { journal, control, tools }: ConverseParts): Promise<void> {
  control.signal.throwIfAborted();
  if (tools.some(({ name, endsTurn }) => endsTurn && journal.hasDone(name))) throw new TurnLeft();
  if (journal.hasOpenCalls()) throw new TurnLeft();
  if (results) await journal.append("tool_results", results);
  if (control.leave.aborted) throw new TurnLeft();
}

/** A person's words go in between two steps, each once. */
async function takeSteering({ journal, control }: ConverseParts): Promise<BetaMessageParam[]> {
  const taken: BetaMessageParam[] = [];
  for (const [messageId, text] of control.steering) {
    control.steering.delete(messageId);
    if (journal.hasTaken(messageId)) continue;
    const message: BetaMessageParam = { role: "user", content: `A person says while you work: ${text}` };
    await journal.append("steer", message, messageId);
    taken.push(message);
  }
  return taken;
}

/** The calls that the process before this one journalled and did not answer. */
async function answerPendingCalls(runner: Runner, parts: ConverseParts): Promise<BetaMessageParam | null> {
  const { journal } = parts;
  if (journal.added().at(-1)?.role !== "assistant") return null;
  const results = await runner.generateToolResponse();
  await endOfStep(results, parts);
  return results;
}

function showText(event: BetaRawMessageStreamEvent, { view }: ConverseParts): void {
  if (event.type === "content_block_delta" && event.delta.type === "text_delta") view.text(event.delta.text);
  if (event.type === "content_block_stop") view.textEnded();
}

function isFinal(message: BetaMessageParam | undefined): boolean {
  return message?.role === "assistant" && !blocksOf(message).some((block) => block.type === "tool_use");
}

function lastWords(messages: readonly BetaMessageParam[]): string {
  const last = messages.findLast((message) => message.role === "assistant");
  return last ? textsOf([last]).join("\n\n") : "";
}

function textsOf(messages: readonly BetaMessageParam[]): string[] {
  return messages
    .filter((message) => message.role === "assistant")
    .flatMap(blocksOf)
    .flatMap((block) => (block.type === "text" ? block.text : []));
}

type Block = Exclude<NonNullable<BetaMessageParam["content"]>, string>[number];

function blocksOf(message: BetaMessageParam): readonly Block[] {
  if (typeof message.content === "string") return [{ type: "text", text: message.content }];
  return message.content ?? [];
}
