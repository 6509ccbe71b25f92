import { createHash } from "node:crypto";
import type { CallRecord } from "../../contract/console-api.ts";
import type { Tx } from "../store/open-store.ts";

/** A call as far as it matters for telling whether an agent goes round in circles. */
export interface DoneCall {
  readonly callId: string;
  readonly hash: string | null;
  readonly result: string | null;
}

export interface Repeats {
  readonly count: number;
  /** The first of them. */
  readonly since: string | null;
}

const LOOKED_AT = 200;
const TOLD_AFTER = 3;

/**
 * How often a call was made with the same result, up to the last time: as long as nothing new was done in between. Going
 * back and forth between things done before is nothing new. Calls are oldest first.
 */
export function countRepeats(calls: readonly DoneCall[], hash: string): Repeats {
  let repeats: Repeats = { count: 0, since: null };
  let result: string | null = null;
  for (const [index, call] of [...calls.entries()].toReversed()) {
    if (call.hash === hash) {
      if (call.result === null || (result !== null && call.result !== result)) break;
      result = call.result;
      repeats = { count: repeats.count + 1, since: call.callId };
    } else if (calls.findIndex((other) => other.hash === call.hash) === index) break;
  }
  return repeats;
}

export interface LastCall extends DoneCall {
  readonly state: CallRecord["state"];
}

/** The last calls of a turn, oldest first. */
export async function readLastCalls(tx: Tx, turnId: string): Promise<LastCall[]> {
  const calls = await tx
    .selectFrom("calls")
    .select(["call_id as callId", "action_hash as hash", "result_hash as result", "state"])
    .where("turn_id", "=", turnId)
    .orderBy("number", "desc")
    .limit(LOOKED_AT)
    .execute();
  return calls.toReversed();
}

export function doneOf(calls: readonly LastCall[]): readonly DoneCall[] {
  return calls.filter(({ state }) => state !== "running");
}

export function resultHash({ state, output }: Pick<CallRecord, "state" | "output">): string {
  return createHash("sha256").update(`${state}\n${output}`).digest("hex");
}

/** What is added to a result that was the same before; nothing for one that was not. */
export async function loopWarning(tx: Tx, turnId: string, hash: string): Promise<string> {
  const { count } = countRepeats(doneOf(await readLastCalls(tx, turnId)), hash);
  if (count < TOLD_AFTER) return "";
  return `\n\nThis exact call has given this exact result ${count} times. Doing it again will not change that: do something else, or say what is in the way. A person is asked before you go on like this.`;
}
