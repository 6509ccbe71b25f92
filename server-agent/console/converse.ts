import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import type {
  BetaContentBlockParam,
  BetaMessageParam,
  BetaRawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { AgentProfile } from "../agents/roster.ts";
import { runCall, type CallParts } from "./run-call.ts";

export interface ConverseParts extends CallParts {
  readonly tools: readonly AgentTool[];
  readonly profile: Pick<AgentProfile, "model" | "prompt">;
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
  const { journal, signal } = parts;
  await sayFrom(0, parts);
  if (isFinal(journal.added().at(-1))) return lastWords(journal.added());
  const runner = startRunner(parts);
  const unanswered = await answerPendingCalls(runner, parts);
  if (unanswered) runner.pushMessages(unanswered);
  for await (const stream of runner) {
    let next = textsOf(journal.added()).length;
    stream.on("streamEvent", (event) => {
      if (event.type === "content_block_start" && event.content_block.type === "text") parts.view.textStarted(next++);
      showText(event, parts);
    });
    const message = await stream.finalMessage();
    const spoken = textsOf(journal.added()).length;
    await journal.append("assistant", { role: "assistant", content: message.content as BetaContentBlockParam[] });
    await sayFrom(spoken, parts);
    const results = await runner.generateToolResponse();
    signal.throwIfAborted();
    if (results) await journal.append("tool_results", results);
  }
  return lastWords(journal.added());
}

async function sayFrom(first: number, { journal, say }: ConverseParts): Promise<void> {
  for (const [index, text] of textsOf(journal.added()).entries()) {
    if (index >= first && text !== "") await say(index, text);
  }
}

function startRunner({ profile, tools, journal, fetch, signal, view }: ConverseParts) {
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
        const outcome = await runCall(tool, { id: context.toolUse.id, input }, { journal, view, signal });
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
    { signal },
  );
}

/** The calls that the process before this one journalled and did not answer. */
async function answerPendingCalls(
  runner: ReturnType<typeof startRunner>,
  { journal, signal }: ConverseParts,
): Promise<BetaMessageParam | null> {
  if (journal.added().at(-1)?.role !== "assistant") return null;
  const results = await runner.generateToolResponse();
  signal.throwIfAborted();
  if (results) await journal.append("tool_results", results);
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
