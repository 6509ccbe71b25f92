import { AppError } from "../../contract/errors.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import { passHooks, withHooksSay, type ModelCall, type ToolHooks } from "./hooked-call.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { CallOutcome } from "./outcomes.ts";
import { TurnLeft } from "./turn-left.ts";
import type { TurnControl } from "./turn-runner.ts";
import type { TurnJournal } from "./turn-journal.ts";
import type { TurnView } from "./turn-view.ts";

export interface CallParts {
  readonly journal: TurnJournal;
  readonly view: TurnView;
  readonly hooks: ToolHooks;
  readonly control: Pick<TurnControl, "signal" | "leave" | "pulse">;
  readonly secrets: KnownSecrets;
}

const GRACE_MS = 60_000;

export const OUTCOME_UNKNOWN = "interrupted, outcome unknown, check before repeating";

/**
 * Runs a tool call once, across restarts: a finished call answers from its record, a call that an earlier process left
 * running is not repeated unless it can join what it began.
 */
export async function runCall(
  tool: AgentTool,
  call: ModelCall,
  { journal, view, hooks, control, secrets }: CallParts,
): Promise<CallOutcome> {
  const before = journal.calls.get(call.id);
  if (before && before.state !== "running") return { output: before.output, failed: before.state !== "done" };
  if (before && !tool.joins) {
    await journal.calls.record({ ...before, state: "unknown", output: OUTCOME_UNKNOWN });
    view.callEnded({ tool: tool.name, summary: before.summary, state: "unknown", ms: 0 });
    return { output: OUTCOME_UNKNOWN, failed: true };
  }
  const { pulse } = control;
  // Hooks have their own time-outs, and a question its own end.
  const passed = await pulse.during(null, async () => await passHooks(tool, call, hooks));
  const input = passed.refusal === null ? passed.input : call.input;
  const record = { callId: call.id, tool: tool.name, summary: oneLine(tool.summary(input)) };
  view.callStarted(record);
  if (passed.refusal !== null) {
    await journal.calls.record({ ...record, state: "failed", output: passed.refusal });
    view.callEnded({ ...record, state: "failed", ms: 0 });
    return { output: passed.refusal, failed: true };
  }
  const refusal = await pulse.during(
    null,
    async () => await journal.begin({ ...record, input, hooksAsk: passed.question }),
  );
  if (refusal !== null) {
    view.callEnded({ ...record, state: "failed", ms: 0 });
    return { output: refusal, failed: true };
  }
  const started = performance.now();
  const acted = await act(tool, { id: call.id, input }, { view, control, secrets });
  const about = { id: call.id, tool, input, context: passed.context };
  const outcome = await pulse.during(
    null,
    async () => await withHooksSay(acted, about, { hooks, signal: control.signal }),
  );
  const state = outcome.failed ? "failed" : "done";
  const { output } = await journal.calls.record({ ...record, state, output: outcome.output });
  view.callEnded({ ...record, state, ms: performance.now() - started });
  control.signal.throwIfAborted();
  return { ...outcome, output };
}

async function act(
  tool: AgentTool,
  call: ModelCall,
  { view, control, secrets }: Pick<CallParts, "view" | "control" | "secrets">,
): Promise<CallOutcome> {
  // What can be joined later is left at once; anything else ends before the turn is left.
  const signal = tool.joins ? AbortSignal.any([control.signal, control.leave]) : control.signal;
  const printed = secrets.hidePieces((text) => view.callOutput(text));
  try {
    const onOutput = (text: string): void => {
      control.pulse.moved();
      printed.add(text);
    };
    const run = async (): Promise<string> => await tool.run(call.input, { callId: call.id, signal, onOutput });
    return { output: secrets.hide(await control.pulse.during(patienceOf(tool, call.input), run)), failed: false };
  } catch (error) {
    if (control.signal.aborted) return { output: "Interrupted by a person.", failed: true };
    if (signal.aborted) throw new TurnLeft();
    return { output: secrets.hide(tell(error)), failed: true };
  } finally {
    printed.end();
  }
}

/** Above the time-out of the call itself, which is the first to end it. */
function patienceOf(tool: AgentTool, input: unknown): number | null {
  return tool.joins ? null : tool.longestMs(input) + GRACE_MS;
}

function tell(error: unknown): string {
  if (error instanceof AppError) return [error.message, error.hint, error.details].filter(Boolean).join("\n");
  return error instanceof Error ? error.message : String(error);
}

function oneLine(summary: string): string {
  const line = summary.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
