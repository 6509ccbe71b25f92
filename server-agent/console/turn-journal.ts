import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { CallRecord, CallRequest, JournalEntry, Turn } from "../../contract/console-api.ts";
import type { DaemonLink } from "./daemon-link.ts";

/** What a turn has done so far, durable in the daemon. Every write has been stored when it returns. */
export interface TurnJournal {
  /** The conversation to go on with: history, request, and what the turn added. */
  messages(): BetaMessageParam[];
  /** What the turn itself added. */
  added(): readonly BetaMessageParam[];
  append(kind: JournalEntry["kind"], message: BetaMessageParam, messageId?: string): Promise<void>;
  /** Whether a steering message stands in it. */
  hasTaken(messageId: string): boolean;
  call(callId: string): CallRecord | undefined;
  /** Whether a call of this tool has succeeded. */
  hasDone(tool: string): boolean;
  hasOpenCalls(): boolean;
  record(call: CallRecord): Promise<void>;
  /** Null when the call may run, and then it is recorded as running; else why it may not. Waits for a person if need be. */
  begin(call: CallRequest): Promise<string | null>;
}

const STORE_TIMEOUT_MS = 15_000;

export async function openJournal(turn: Turn, link: DaemonLink, signal: AbortSignal): Promise<TurnJournal> {
  const turnId = turn.id;
  const options = { signal, timeoutMs: STORE_TIMEOUT_MS };
  const stored = await link.call((daemon, signal) => daemon.journal.read({ turnId }, { signal }), options);
  const added = stored.entries.sort((a, b) => a.index - b.index).map((entry) => entry.message as BetaMessageParam);
  const calls = new Map(stored.calls.map((call) => [call.callId, call]));
  const taken = new Set<string>();
  const before = [...(turn.history as BetaMessageParam[]), { role: "user", content: turn.request } as const];
  return {
    messages: () => [...before, ...added],
    added: () => added,
    hasTaken: (messageId) => taken.has(messageId),
    hasDone: (tool) => [...calls.values()].some((call) => call.tool === tool && call.state === "done"),
    hasOpenCalls: () => [...calls.values()].some(({ state }) => state === "running"),
    async append(kind, message, messageId) {
      const entry = { index: added.length, kind, message, ...(messageId && { messageId }) };
      await link.call((daemon, signal) => daemon.journal.append({ turnId, entry }, { signal }), options);
      added.push(message);
      if (messageId) taken.add(messageId);
    },
    call: (callId) => calls.get(callId),
    async begin(call) {
      for (;;) {
        const verdict = await link.call(
          (daemon, signal) => daemon.journal.begin({ turnId, call }, { signal }),
          options,
        );
        if (verdict.verdict === "run") {
          const { callId, tool, summary } = call;
          calls.set(callId, { callId, tool, summary, state: "running", output: "" });
          return null;
        }
        if (verdict.verdict === "denied") return verdict.reason;
        const { approvalId } = verdict;
        await link.call((daemon, signal) => daemon.approval({ turnId, approvalId }, { signal }), { signal });
      }
    },
    async record(call) {
      await link.call((daemon, signal) => daemon.journal.record({ turnId, call }, { signal }), options);
      calls.set(call.callId, call);
    },
  };
}
