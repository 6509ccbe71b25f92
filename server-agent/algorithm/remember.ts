import { PHASE_OUTPUTS } from "../../contract/algorithm.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { readRun } from "./give-task.ts";
import type { MemoryFolder } from "../platform/memory-folder.ts";
import { judgementSignals, learnedSignals, learningFiles, SIGNALS_FILE } from "./memory-texts.ts";
import type { Place } from "./next-place.ts";
import type { PhaseWork } from "./phase-changes.ts";

export interface RememberParts {
  readonly store: Store;
  readonly memoryFolder: MemoryFolder;
  readonly log: Log;
}

export interface EndedPhase {
  readonly runId: string;
  readonly place: Place;
  readonly work: PhaseWork;
}

/**
 * Writes what a phase taught to the memory: judgements after VERIFY, learnings after LEARN. The names and ids are the
 * same when it is done again. The run does not depend on it: what cannot be written is told in the log.
 */
export async function rememberPhase(parts: RememberParts, ended: EndedPhase): Promise<void> {
  try {
    if (ended.place.phase === "VERIFY") await rememberJudgements(parts, ended);
    if (ended.place.phase === "LEARN") await rememberLearnings(parts, ended);
  } catch (error) {
    parts.log.warn("cannot write to the memory", { runId: ended.runId, phase: ended.place.phase, error });
  }
}

async function rememberJudgements({ store, memoryFolder }: RememberParts, { runId, place }: EndedPhase): Promise<void> {
  const run = await store.read(async (db) => await readRun(db, runId));
  await memoryFolder.append(SIGNALS_FILE, judgementSignals(run, place.iteration));
}

async function rememberLearnings({ store, memoryFolder }: RememberParts, { runId, work }: EndedPhase): Promise<void> {
  const { learnings, signals } = PHASE_OUTPUTS.LEARN.parse(work.output);
  const { at, request } = await store.read(async (db) => {
    const row = await db.selectFrom("tasks").select("request").where("id", "=", runId).executeTakeFirstOrThrow();
    const task = await db.selectFrom("tasks").select("ended_at").where("id", "in", work.taskIds).executeTakeFirst();
    return { request: row.request, at: (task?.ended_at ?? new Date()).toISOString() };
  });
  for (const { file, text } of learningFiles({ runId, request, at, learnings })) await memoryFolder.write(file, text);
  await memoryFolder.append(SIGNALS_FILE, learnedSignals(runId, at, signals));
}
