import { APIError } from "@anthropic-ai/sdk/error";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import type { BetaMessageStream } from "@anthropic-ai/sdk/lib/BetaMessageStream";
import type { BetaContentBlockParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { TURN_HEADER } from "../../../contract/console-api.ts";
import type { AgentTool } from "../../agents/agent-tool.ts";
import { hasOpenCalls, utterancesOf } from "../conversation.ts";
import { createClient, markedMessages, sameParams, sentParts, windowOf } from "../model-request.ts";
import { runCall } from "../run-call.ts";
import { showAnswer } from "../show-answer.ts";
import { endOfStep, keepAnswer } from "../step.ts";
import type { AgentDriver, DriverParts } from "./driver.ts";

/** Asks the Messages API itself: one step is one answer and its calls. */
export function openApiDriver(parts: DriverParts): AgentDriver {
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
    async takeSteps() {
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

function runnable(tool: AgentTool, parts: DriverParts) {
  return betaZodTool({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
    run: async (input, context) => {
      if (!context) throw new Error("A tool was run outside a call");
      const outcome = await runCall(tool, { id: context.toolUse.id, input }, parts);
      if (outcome.failed) throw new ToolError(outcome.output);
      return outcome.output;
    },
  });
}

async function takeAnswer(stream: BetaMessageStream, parts: DriverParts): Promise<void> {
  const show = showAnswer(parts.view, utterancesOf(parts.journal.added()));
  stream.on("streamEvent", (event) => {
    parts.control.pulse.moved();
    show.take(event);
  });
  const { content, usage } = await stream.finalMessage();
  const message = { role: "assistant" as const, content: content as BetaContentBlockParam[] };
  await keepAnswer({ message, usage }, show, parts);
}
