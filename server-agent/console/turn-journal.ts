import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { CallRequest, CallVerdict, Turn } from "../../contract/console-api.ts";
import type { KeepOrder } from "../../contract/keeping.ts";
import { type CallBook, createCallBook } from "./call-book.ts";
import type { Conversation, Entry } from "./conversation.ts";
import type { DaemonLink } from "./daemon-link.ts";
import { createQueue, type EntryQueue } from "./entry-queue.ts";

/** What a turn has done so far, durable in the daemon. A write has been stored when it returns, unless it says otherwise. */
export interface TurnJournal {
  readonly conversation: Conversation;
  /** What the turn itself added to the conversation, without checkpoints. */
  added(): readonly BetaMessageParam[];
  append(entry: Omit<Entry, "index">): Promise<void>;
  /** For what could be made again from what is stored: stored while the work goes on, before anything after it is. */
  appendFollowing(entry: Omit<Entry, "index">): void;
  /** For an answer that wants calls: stored with the decision on the first of them, or soon. */
  appendWithCall(entry: Omit<Entry, "index">): void;
  /** Everything appended and recorded has been stored. */
  settled(): Promise<void>;
  /** Whether a steering message stands in it. */
  hasTaken(messageId: string): boolean;
  readonly calls: Omit<CallBook, "begun">;
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
  const taken = new Set<string>();
  const queue = createQueue(async (entry: Entry): Promise<void> => {
    await link.call((daemon, signal) => daemon.journal.append({ turnId, entry }, { signal }), options);
  });
  const calls = createCallBook(stored.calls, async (call) => {
    const record = async () =>
      await link.call((daemon, signal) => daemon.journal.record({ turnId, call }, { signal }), options);
    return await queue.follow(record);
  });
  const place = (next: Omit<Entry, "index">): Entry => {
    queue.check();
    const entry = { index: entries.length, ...next };
    entries.push(entry);
    return entry;
  };
  return {
    conversation: { before: messagesBefore(turn), entries },
    added: () => entries.flatMap(({ kind, message }) => (kind === "checkpoint" ? [] : message)),
    hasTaken: (messageId) => taken.has(messageId),
    async append(next) {
      await queue.empty();
      const entry = { index: entries.length, ...next };
      await queue.store(entry);
      entries.push(entry);
      if (entry.messageId) taken.add(entry.messageId);
    },
    appendFollowing: (next) => void queue.store(place(next)).catch(() => undefined),
    appendWithCall: (next) => queue.hold(place(next)),
    settled: async () => await queue.empty(),
    calls,
    async begin(call) {
      const leave = await waitForLeave(turnId, call, { link, signal, keep, queue });
      if (leave.verdict === "denied") return leave.reason;
      calls.begun(call, leave.isFirst);
      return null;
    },
  };
}

function messagesBefore({ history, request }: Turn): BetaMessageParam[] {
  return [...(history as BetaMessageParam[]), { role: "user", content: request }];
}

type Leave = Extract<CallVerdict, { verdict: "run" | "denied" }>;

/** Does what the daemon wants before it gives or refuses its leave. */
async function waitForLeave(
  turnId: string,
  call: Parameters<TurnJournal["begin"]>[0],
  { link, signal, keep, queue }: JournalParts & { readonly queue: EntryQueue },
): Promise<Leave> {
  const options = { signal, timeoutMs: STORE_TIMEOUT_MS };
  const decide = async (answer?: Entry) =>
    await link.call(
      (daemon, signal) => daemon.journal.begin({ turnId, call: { ...call, answer } }, { signal }),
      options,
    );
  for (let verdict = await queue.withHeld(decide); ; verdict = await decide()) {
    if (verdict.verdict === "run" || verdict.verdict === "denied") return verdict;
    if (verdict.verdict === "keep") {
      await keep(verdict.keep);
      continue;
    }
    const { approvalId } = verdict;
    await link.call((daemon, signal) => daemon.approval({ turnId, approvalId }, { signal }), { signal });
  }
}
