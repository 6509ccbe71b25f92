import type { Approval } from "../../contract/approvals.ts";
import type { CallRequest } from "../../contract/console-api.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { OwnTurn } from "./own-turn.ts";
import { type ChangeParts, openQuestion } from "./questions.ts";
import { countRepeats, doneOf, type LastCall } from "./repeats.ts";

/** A person is asked before the fifth time, and after a yes again five times later. */
const ASKED_AT = 5;
/** Longer than a night. */
const LIFETIME_MS = 24 * 3_600_000;

/** The question that has to be answered before a call is made once more; null for a call that may be made. */
export async function askAboutLoop(
  change: ChangeParts,
  turn: OwnTurn,
  loop: {
    readonly call: CallRequest;
    readonly hash: string;
    readonly action: string;
    readonly last: readonly LastCall[];
  },
): Promise<Approval | null> {
  const { count, since } = countRepeats(doneOf(loop.last), loop.hash);
  const time = count + 1;
  if (time < ASKED_AT || since === null) return null;
  const id = derivedId("approval", "loop", turn.turnId, since, String(Math.floor(time / ASKED_AT)));
  const { tool, input } = loop.call;
  const question = await openQuestion(change, turn, {
    id,
    action: loop.action,
    reason: `It did exactly this ${count} times, each time with the same result. A yes lets it go on, a no ends the task.`,
    call: { tool, input, hash: loop.hash, destructive: null, grantable: [] },
    repeats: count,
    lifetimeMs: LIFETIME_MS,
  });
  return question.state === "allowed" ? null : question;
}
