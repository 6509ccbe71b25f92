import { HOOKS_SAY, type Turn } from "../../contract/console-api.ts";
import { AppError } from "../../contract/errors.ts";
import { openHooks } from "../hooks/open-hooks.ts";
import type { Sessions } from "../hooks/sessions.ts";
import { createTurnHooks, type TurnHooks } from "../hooks/turn-hooks.ts";
import type { BeforeCompaction } from "./compact.ts";
import type { Entry } from "./conversation.ts";
import type { ToolHooks } from "./hooked-call.ts";
import type { TurnOutcome } from "./outcomes.ts";
import { sessionPlace, type Session } from "./session-place.ts";
import type { TurnJournal } from "./turn-journal.ts";
import type { TurnControl } from "./turn-runner.ts";
import type { TurnView } from "./turn-view.ts";

export interface HookedParts {
  readonly hooks: ToolHooks;
  /** The turn's own, and it also aborts when a hook stops the work. */
  readonly control: TurnControl;
  readonly beforeCompaction: BeforeCompaction;
}

export interface BetweenParts extends Pick<Session, "agent" | "config"> {
  readonly journal: TurnJournal;
  readonly view: TurnView;
  readonly sessions: Sessions;
  readonly control: TurnControl;
}

/** Hooks that ask an agent to go on may be wrong about what it can do. */
const MAX_CONTINUATIONS = 8;

/** Does a turn's work after the hooks of its beginning, and again for as long as hooks do not let it end. */
export async function betweenHooks(
  turn: Turn,
  parts: BetweenParts,
  work: (hooked: HookedParts) => Promise<TurnOutcome>,
): Promise<TurnOutcome> {
  const { journal, view } = parts;
  const stop = new AbortController();
  const signal = AbortSignal.any([parts.control.signal, stop.signal]);
  const messages = () => [...journal.conversation.before, ...journal.added()];
  const session = { conversationId: turn.conversationId, turnId: turn.id };
  const place = sessionPlace({ ...parts, ...session, messages });
  const hooks = createTurnHooks({
    ...place,
    hooks: await openHooks(place),
    signal,
    report: (line) => view.note(line),
    onStop: (reason) => stop.abort(reason),
  });
  const beforeCompaction: BeforeCompaction = async () => (await hooks.beforeCompact("auto")) || null;
  // A turn that goes on after a restart has passed these hooks before.
  const { pulse } = parts.control;
  if (journal.added().length === 0) await pulse.during(null, async () => await begin(turn, hooks, parts));
  for (;;) {
    const outcome = await work({ hooks, control: { ...parts.control, signal }, beforeCompaction });
    const continuations = journal.conversation.entries.slice(1).filter(({ kind }) => kind === "hooks").length;
    if (outcome.state !== "done") return outcome;
    const end = { text: outcome.text, isContinued: continuations > 0 };
    const reason = await pulse.during(null, async () => await hooks.stopping(turn, end));
    if (reason === null) return outcome;
    if (continuations >= MAX_CONTINUATIONS) {
      view.note(`Hooks asked ${MAX_CONTINUATIONS} times to go on; the turn ends.`);
      return outcome;
    }
    await journal.append(entryOf(reason));
  }
}

async function begin(turn: Turn, hooks: TurnHooks, { sessions, journal }: BetweenParts): Promise<void> {
  const source = turn.history.length === 0 ? "startup" : "resume";
  const started = sessions.begin(turn) ? await hooks.sessionStarted(source) : "";
  const { context, refusal } = await hooks.promptSubmitted(turn);
  if (refusal !== null) throw new AppError("task.failed", `A hook refused this request. ${refusal}`);
  const told = [started, context].filter(Boolean).join("\n");
  if (told !== "") await journal.append(entryOf(told));
}

function entryOf(text: string): Omit<Entry, "index"> {
  return { kind: "hooks", message: { role: "user", content: `${HOOKS_SAY}\n${text}` } };
}
