import { derivedId } from "../platform/derived-id.ts";
import { changeRun, type RunRecord } from "../store/run-changes.ts";
import { type Answer, openQuestion, readAnswer } from "../turns/questions.ts";
import { countCriteria, livingCriteria } from "./criteria.ts";
import { readRun, type WorkParts } from "./give-task.ts";
import type { Place } from "./next-place.ts";

export type Decision = "again" | "accept" | "stop";

export interface AskPlace {
  readonly runId: string;
  /** Where another round would begin. */
  readonly place: Place;
  readonly signal: AbortSignal;
}

/** Nobody has to be at the screen when a run gets stuck. */
const LIFETIME_MS = 7 * 86_400_000;

/**
 * Asks a person how a run goes on whose work failed its checks too often: another round? If not, is it good enough?
 * Waits across restarts; no answer in a week is a stop.
 */
export async function askPerson(parts: WorkParts, at: AskPlace): Promise<Decision> {
  const { round, number } = { round: at.place.iteration, number: String(at.place.number) };
  const run = await parts.store.read(async (db) => await readRun(db, at.runId), at.signal);
  const counted = countCriteria(run.criteria);
  const again = await ask(parts, at, {
    id: derivedId("approval", at.runId, number, "again"),
    action: `Try round ${round}, from ${at.place.phase} on`,
    reason: `${counted} after ${round - 1} rounds:\n${unmet(run)}`,
  });
  if (again === "allowed") return "again";
  if (again === "expired") return "stop";
  const accept = await ask(parts, at, {
    id: derivedId("approval", at.runId, number, "accept"),
    action: `Accept the result as it is, with ${counted}`,
    reason: `If not, the task ends as failed:\n${unmet(run)}`,
  });
  return accept === "allowed" ? "accept" : "stop";
}

interface Asked {
  readonly id: string;
  readonly action: string;
  readonly reason: string;
}

async function ask(parts: WorkParts, { runId, signal }: AskPlace, question: Asked): Promise<Answer> {
  const asked = await parts.store.change(async (tx, emit, audit) => {
    const run = await changeRun({ tx, emit }, runId, (before) =>
      before.state === "running" ? { ...before, state: "asking" } : null,
    );
    // A run that has ended asks nothing.
    if (run?.state !== "asking") return null;
    const asker = { taskId: runId, conversationId: run.conversationId, agent: "supervisor" } as const;
    return await openQuestion({ tx, emit, audit }, asker, { ...question, call: null, lifetimeMs: LIFETIME_MS });
  }, signal);
  return asked === null ? "expired" : await readAnswer(parts, asked, signal);
}

function unmet(run: Pick<RunRecord, "criteria">): string {
  return livingCriteria(run.criteria)
    .filter(({ state }) => state !== "passed")
    .map(({ id, text, state, judgements }) => `${id} ${text}: ${judgements.at(-1)?.evidence || state}`)
    .join("\n");
}
