import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { CallRecord, CallRequest, Turn } from "../../contract/console-api.ts";
import type { KeepOrder } from "../../contract/keeping.ts";
import type { Conversation, Entry } from "./conversation.ts";
import type { DaemonLink } from "./daemon-link.ts";

/** What a turn has done so far, durable in the daemon. A write has been stored when it returns, unless it says otherwise. */
export interface TurnJournal {
  readonly conversation: Conversation;
  /** What the turn itself added to the conversation, without checkpoints. */
  added(): readonly BetaMessageParam[];
  append(entry: Omit<Entry, "index">): Promise<void>;
  /** Stored while the work goes on: before a call runs, and before anything is appended after it. */
  appendFollowing(entry: Omit<Entry, "index">): void;
  /** Everything appended has been stored. */
  settled(): Promise<void>;
  /** Whether a steering message stands in it. */
  hasTaken(messageId: string): boolean;
  call(callId: string): CallRecord | undefined;
  /** Whether a call of this tool has succeeded. */
  hasDone(tool: string): boolean;
  hasOpenCalls(): boolean;
  /** Gives the output as it is kept: the daemon may have added a warning. */
  record(call: CallRecord): Promise<{ readonly output: string }>;
  /** Null when the call may run, and then it is recorded as running; else why it may not. Waits for a person if need be. */
  begin(call: CallRequest): Promise<string | null>;
}

const STORE_TIMEOUT_MS = 15_000;

export interface JournalParts {
  readonly link: DaemonLink;
  readonly signal: AbortSignal;
  /** Takes a snapshot and tells the daemon what became of it. */
  readonly keep: (order: KeepOrder) => Promise<void>;
}

export async function openJournal(turn: Turn, { link, signal, keep }: JournalParts): Promise<TurnJournal> {
  const turnId = turn.id;
  const options = { signal, timeoutMs: STORE_TIMEOUT_MS };
  const stored = await link.call((daemon, signal) => daemon.journal.read({ turnId }, { signal }), options);
  const entries = stored.entries
    .sort((a, b) => a.index - b.index)
    .map((entry): Entry => ({ ...entry, message: entry.message as BetaMessageParam }));
  const calls = new Map(stored.calls.map((call) => [call.callId, call]));
  const taken = new Set<string>();
  const following = createQueue();
  const store = async (entry: Entry): Promise<void> => {
    await link.call((daemon, signal) => daemon.journal.append({ turnId, entry }, { signal }), options);
  };
  return {
    conversation: { before: messagesBefore(turn), entries },
    added: () => entries.flatMap(({ kind, message }) => (kind === "checkpoint" ? [] : message)),
    hasTaken: (messageId) => taken.has(messageId),
    hasDone: (tool) => [...calls.values()].some((call) => call.tool === tool && call.state === "done"),
    hasOpenCalls: () => [...calls.values()].some(({ state }) => state === "running"),
    async append(next) {
      await following.empty();
      const entry = { index: entries.length, ...next };
      await store(entry);
      entries.push(entry);
      if (entry.messageId) taken.add(entry.messageId);
    },
    appendFollowing(next) {
      const entry = { index: entries.length, ...next };
      entries.push(entry);
      following.add(async () => await store(entry));
    },
    settled: async () => await following.empty(),
    call: (callId) => calls.get(callId),
    async begin(call) {
      const [refusal] = await Promise.all([waitForLeave(turnId, call, { link, signal, keep }), following.empty()]);
      const { callId, tool, summary } = call;
      if (refusal === null) calls.set(callId, { callId, tool, summary, state: "running", output: "" });
      return refusal;
    },
    async record(call) {
      await following.empty();
      const record = link.call((daemon, signal) => daemon.journal.record({ turnId, call }, { signal }), options);
      const { output } = await record;
      calls.set(call.callId, { ...call, output });
      return { output };
    },
  };
}

interface Queue {
  add(work: () => Promise<void>): void;
  /** Rejects when one of them failed. */
  empty(): Promise<void>;
}

/** Works one after the other; none after one that failed. */
function createQueue(): Queue {
  let last: Promise<void> = Promise.resolve();
  return {
    add(work) {
      last = last.then(work);
      // Told by whoever waits for it.
      last.catch(() => undefined);
    },
    empty: async () => await last,
  };
}

function messagesBefore({ history, request }: Turn): BetaMessageParam[] {
  return [...(history as BetaMessageParam[]), { role: "user", content: request }];
}

/** Does what the daemon wants first; null when the call has been recorded as running, else why it may not. */
async function waitForLeave(
  turnId: string,
  call: Parameters<TurnJournal["begin"]>[0],
  { link, signal, keep }: JournalParts,
): Promise<string | null> {
  for (;;) {
    const begin = { signal, timeoutMs: STORE_TIMEOUT_MS };
    const answer = await link.call((daemon, signal) => daemon.journal.begin({ turnId, call }, { signal }), begin);
    if (answer.verdict === "run") return null;
    if (answer.verdict === "denied") return answer.reason;
    if (answer.verdict === "keep") {
      await keep(answer.keep);
      continue;
    }
    const { approvalId } = answer;
    await link.call((daemon, signal) => daemon.approval({ turnId, approvalId }, { signal }), { signal });
  }
}
