import type { Criterion } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import { insertMessage } from "../store/insert-message.ts";
import type { Store } from "../store/open-store.ts";
import { changeRun, type RunRecord } from "../store/run-changes.ts";
import { endTask, type TaskEnd } from "../store/task-changes.ts";
import { countCriteria, livingCriteria } from "./criteria.ts";

export type RunEnd = "passed" | "accepted" | "stopped" | "failed" | "cancelled";

/** Ends a run and its task, once. A person who asked for the run is told what came of it. */
export async function endRun(store: Store, runId: string, end: RunEnd): Promise<void> {
  await store.change(async (tx, emit, audit) => {
    const run = await changeRun({ tx, emit }, runId, (before) =>
      (end === "passed" || end === "accepted") && before.state === "running" ? { ...before, state: end } : null,
    );
    if (!run) return;
    const simulated = await isSimulated(tx, runId);
    const ended = await endTask(tx, emit, { id: runId, ...taskEnd(run, end), simulated });
    if (!ended) return;
    audit({ kind: "task_ended", agent: ended.agent, taskId: runId, detail: { state: ended.state, run: end } });
    if (ended.parentId !== null || ended.result === null) return;
    const said = { role: "agent", agent: ended.agent, text: ended.result, simulated } as const;
    const { conversationId } = run;
    await insertMessage(tx, emit, { id: `${runId}.answer`, conversationId, taskId: runId, ...said });
  }, new AbortController().signal);
}

async function isSimulated(tx: Parameters<Parameters<Store["change"]>[0]>[0], runId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("tasks")
    .select("id")
    .where("parent_id", "=", runId)
    .where("simulated", "=", true)
    .executeTakeFirst();
  return row !== undefined;
}

function taskEnd(run: RunRecord, end: RunEnd): Omit<TaskEnd, "simulated"> {
  switch (end) {
    case "passed":
    case "accepted":
      return { state: "done", result: answerOf(run, end), error: null };
    case "cancelled": {
      const error = new AppError(
        "task.cancelled",
        `The run was stopped in ${run.phase}: ${countCriteria(run.criteria)}`,
      );
      return { state: "cancelled", result: null, error: error.toWire() };
    }
    case "stopped":
    case "failed":
      return { state: "failed", result: null, error: failure(run, end).toWire() };
  }
}

function failure(run: RunRecord, end: "stopped" | "failed"): AppError {
  const counted = countCriteria(run.criteria);
  const details = criteriaList(run.criteria);
  if (end === "stopped") {
    const message = `The work was not accepted after ${run.iteration} rounds: ${counted}`;
    return new AppError("task.failed", message, { hint: "What was done is still there.", details });
  }
  const why = run.trace.at(-1)?.summary || "its task failed";
  return new AppError("task.failed", `The run failed in ${run.phase}: ${why}`, { hint: `${counted}.`, details });
}

/** What a person reads: the supervisor's own words, then how each criterion was met. */
export function answerOf(run: RunRecord, end: "passed" | "accepted"): string {
  const words = run.outputs.LEARN?.answer ?? "";
  const rounds = run.iteration === 1 ? "in the first round" : `in round ${run.iteration}`;
  const verdict =
    end === "passed"
      ? `**Verified by QA**: ${countCriteria(run.criteria)} ${rounds}.`
      : `**Accepted by a person**: ${countCriteria(run.criteria)} after ${run.iteration} rounds.`;
  return [words, verdict, criteriaList(run.criteria)].filter(Boolean).join("\n\n");
}

function criteriaList(criteria: readonly Criterion[]): string {
  return livingCriteria(criteria)
    .map(({ id, text, state }) => `- ${id} ${text}: ${state === "open" ? "not judged" : state}`)
    .join("\n");
}
