import type { CallRecord } from "../../contract/console-api.ts";

/** The calls of a turn and what came of them. */
export interface CallBook {
  get(callId: string): CallRecord | undefined;
  /** Whether a call of this tool has succeeded. */
  hasDone(tool: string): boolean;
  hasOpen(): boolean;
  /** It may run; `isFirst` when the turn has not done the same before. */
  begun(call: Pick<CallRecord, "callId" | "tool" | "summary">, isFirst: boolean): void;
  /**
   * Gives the output for the model: the daemon may add a warning to what was done before. For what was not, nothing
   * waits: it is stored while the work goes on.
   */
  record(call: CallRecord): Promise<{ readonly output: string }>;
}

/** `store` keeps the end of a call, before anything that is stored later. */
export function createCallBook(
  before: readonly CallRecord[],
  store: (call: CallRecord) => Promise<{ readonly output: string }>,
): CallBook {
  const calls = new Map(before.map((call) => [call.callId, call]));
  const firsts = new Set<string>();
  return {
    get: (callId) => calls.get(callId),
    hasDone: (tool) => [...calls.values()].some((call) => call.tool === tool && call.state === "done"),
    hasOpen: () => [...calls.values()].some(({ state }) => state === "running"),
    begun({ callId, tool, summary }, isFirst) {
      if (isFirst) firsts.add(callId);
      calls.set(callId, { callId, tool, summary, state: "running", output: "" });
    },
    async record(call) {
      const stored = store(call);
      calls.set(call.callId, call);
      if (firsts.has(call.callId)) {
        void stored.catch(() => undefined);
        return { output: call.output };
      }
      const { output } = await stored;
      calls.set(call.callId, { ...call, output });
      return { output };
    },
  };
}
