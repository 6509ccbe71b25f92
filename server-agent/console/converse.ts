import { APIError } from "@anthropic-ai/sdk/error";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import type { BetaMessageStream } from "@anthropic-ai/sdk/lib/BetaMessageStream";
import type { BetaContentBlockParam, BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { TURN_HEADER } from "../../contract/console-api.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { AgentTools } from "../agents/tools-of.ts";
import { type BeforeCompaction, canCompact, compact, type CompactParts, isFull, isTooLong } from "./compact.ts";
import { hasOpenCalls, isFinal, lastWords, type Utterance, utterancesOf } from "./conversation.ts";
import { createClient, type ModelProfile, markedMessages, sameParams, sentParts, windowOf } from "./model-request.ts";
import { runCall, type CallParts } from "./run-call.ts";
import { showAnswer } from "./show-answer.ts";
import { TurnLeft } from "./turn-left.ts";
import type { TurnControl } from "./turn-runner.ts";

export interface ConverseParts extends CallParts {
  readonly turnId: string;
  readonly tools: readonly AgentTool[];
  /** Tools that the model's provider runs. */
  readonly provided: AgentTools["provided"];
  readonly profile: ModelProfile;
  readonly control: TurnControl;
  readonly fetch: typeof fetch;
  /** True once the turn has given what it has to end with: then the model is not asked again. */
  readonly isOver: () => boolean;
  /** Stores a finished piece of text; the same index twice is one. */
  readonly say: (utterance: Utterance & { readonly ms?: number | undefined }) => Promise<void>;
  readonly beforeCompaction?: BeforeCompaction;
}

/**
 * Talks with the model until it needs no more tools, and gives its last words. Each answer is journalled before its
 * tools run, their results after, so that calling this again after any cut goes on where the journal ends.
 */
export async function converse(parts: ConverseParts): Promise<string> {
  const { journal, isOver } = parts;
  const talk = openTalk(parts);
  for (const utterance of utterancesOf(journal.added())) await sayOne(parts, utterance);
  for (;;) {
    await takeSteering(parts);
    const last = journal.added().at(-1);
    if (isFinal(last) || (isOver() && !hasOpenCalls(last))) return lastWords(journal.added());
    try {
      if (!hasOpenCalls(last) && isFull(talk.compaction())) await compact(talk.compaction());
      await talk.takeStep();
    } catch (error) {
      if (talk.forgetThoughts(error)) continue;
      if (!isTooLong(error) || !canCompact(journal.conversation)) throw error;
      await compact(talk.compaction());
    }
  }
}

interface Talk {
  /** Asks the model and runs the tools it wants; or only these, when a process before this one died in between. */
  takeStep(): Promise<void>;
  /** True when the thoughts of this conversation were the reason, and the next step is taken without them. */
  forgetThoughts(error: unknown): boolean;
  compaction(): CompactParts;
}

function openTalk(parts: ConverseParts): Talk {
  const { journal, profile, control, view, turnId } = parts;
  const client = createClient(parts.fetch);
  const tools = parts.tools.map((tool) => runnable(tool, parts));
  const signal = AbortSignal.any([control.signal, control.leave]);
  const options = { signal, headers: { [TURN_HEADER]: turnId } };
  let canSendThoughts = true;
  const sent = () => sentParts(profile, { canSendThoughts });
  const messages = () => markedMessages(journal.conversation, sent());
  const same = { ...sameParams(profile), tools: [...tools, ...parts.provided] };
  return {
    async takeStep() {
      const runner = client.beta.messages.toolRunner(
        { ...same, messages: messages(), stream: true, thread: false },
        options,
      );
      if (!hasOpenCalls(journal.added().at(-1))) {
        // The first answer is the whole step: the next request is made anew, from the journal.
        for await (const stream of runner) {
          await takeAnswer(stream, parts);
          await endOfStep(await runner.generateToolResponse(), parts);
          return;
        }
      }
      await endOfStep(await runner.generateToolResponse(), parts);
    },
    forgetThoughts(error) {
      const isForeign = error instanceof APIError && /bound to a different|Invalid `signature`/.test(error.message);
      if (!isForeign || !canSendThoughts) return false;
      canSendThoughts = false;
      return true;
    },
    compaction: () => ({
      journal,
      view,
      sent: sent(),
      window: windowOf(profile),
      beforeCompaction: parts.beforeCompaction,
      messages,
      ask: async (messages) =>
        await client.beta.messages
          .stream({ ...same, messages: [...messages] }, options)
          .on("streamEvent", () => control.pulse.moved())
          .finalMessage(),
    }),
  };
}

function runnable(tool: AgentTool, { journal, view, hooks, control }: ConverseParts) {
  return betaZodTool({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
    run: async (input, context) => {
      if (!context) throw new Error("A tool was run outside a call");
      const outcome = await runCall(tool, { id: context.toolUse.id, input }, { journal, view, hooks, control });
      if (outcome.failed) throw new ToolError(outcome.output);
      return outcome.output;
    },
  });
}

async function takeAnswer(stream: BetaMessageStream, parts: ConverseParts): Promise<void> {
  const { journal, view, control } = parts;
  const before = utterancesOf(journal.added());
  const show = showAnswer(view, before);
  stream.on("streamEvent", (event) => {
    control.pulse.moved();
    show.take(event);
  });
  const { content, usage } = await stream.finalMessage();
  const message: BetaMessageParam = { role: "assistant", content: content as BetaContentBlockParam[] };
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  await journal.append({ kind: "assistant", message, tokens: usage.input_tokens + cached + usage.output_tokens });
  for (const utterance of utterancesOf(journal.added()).slice(before.length)) {
    await sayOne(parts, {
      ...utterance,
      ms: utterance.kind === "thought" ? show.thoughtMs(utterance.messageIndex) : undefined,
    });
  }
}

async function sayOne({ say }: ConverseParts, utterance: Parameters<ConverseParts["say"]>[0]): Promise<void> {
  if (utterance.text !== "") await say(utterance);
}

/** What the last step did is kept before anything may stop the turn; a step with a call that is still open is no step yet. */
async function endOfStep(results: BetaMessageParam | null, { journal, control, tools }: ConverseParts): Promise<void> {
  control.signal.throwIfAborted();
  if (tools.some(({ name, endsTurn }) => endsTurn && journal.hasDone(name))) throw new TurnLeft();
  if (journal.hasOpenCalls()) throw new TurnLeft();
  if (results) await journal.append({ kind: "tool_results", message: results });
  if (control.leave.aborted) throw new TurnLeft();
}

/** A person's words go in between two steps, each once. */
async function takeSteering({ journal, control }: ConverseParts): Promise<void> {
  if (hasOpenCalls(journal.added().at(-1))) return;
  for (const [messageId, text] of control.steering) {
    control.steering.delete(messageId);
    if (journal.hasTaken(messageId)) continue;
    const message: BetaMessageParam = { role: "user", content: `A person says while you work: ${text}` };
    await journal.append({ kind: "steer", message, messageId });
  }
}
