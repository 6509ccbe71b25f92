import type { AlgorithmRun } from "../../contract/algorithm.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { isEnded, toRun } from "../store/run-changes.ts";
import type { MemoryFolder } from "../platform/memory-folder.ts";
import { recordFolder, runRecord } from "./memory-texts.ts";

export interface RecordParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly memoryFolder: MemoryFolder;
  readonly log: Log;
}

/**
 * Keeps the record of every run in the memory, and puts it away when the run has ended. PostgreSQL holds the truth: a
 * record that could not be written is written after the next change or the next start.
 */
export async function keepRecords(parts: RecordParts): Promise<{ close(): void }> {
  const { store, feed, log } = parts;
  const wanted = new Set<string>();
  let working = false;
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    for (const runId of wanted) {
      wanted.delete(runId);
      await keepRecord(parts, runId).catch((error: unknown) => log.warn("no record of a run", { runId, error }));
    }
    working = false;
  };
  const want = (runId: string): void => {
    wanted.add(runId);
    void work();
  };
  const close = feed.subscribe((event) => {
    if (event.type === "algorithm_changed") want(event.run.taskId);
  });
  for (const runId of await readUnarchived(store)) want(runId);
  return { close };
}

async function keepRecord({ store, memoryFolder }: RecordParts, runId: string): Promise<void> {
  const { run, request } = await readRunWithRequest(store, runId);
  if (!isEnded(run)) return await writeRecord(memoryFolder, { run, request, folder: recordFolder(runId, false) });
  await memoryFolder.move(recordFolder(runId, false), recordFolder(runId, true));
  await writeRecord(memoryFolder, { run, request, folder: recordFolder(runId, true) });
  await store.change(async (tx) => {
    await tx.updateTable("algorithm_runs").set({ archived_at: new Date() }).where("task_id", "=", runId).execute();
  });
}

interface Record {
  readonly run: AlgorithmRun;
  readonly request: string;
  readonly folder: string;
}

async function writeRecord(memoryFolder: MemoryFolder, { run, request, folder }: Record): Promise<void> {
  await memoryFolder.write(`${folder}/run.json`, `${JSON.stringify({ request, ...run }, null, 2)}\n`);
  await memoryFolder.write(`${folder}/RUN.md`, runRecord(run, request));
}

async function readRunWithRequest(store: Store, runId: string): Promise<{ run: AlgorithmRun; request: string }> {
  return await store.snapshot(async (tx) => {
    const row = await tx
      .selectFrom("algorithm_runs")
      .selectAll()
      .where("task_id", "=", runId)
      .executeTakeFirstOrThrow();
    const { request } = await tx
      .selectFrom("tasks")
      .select("request")
      .where("id", "=", runId)
      .executeTakeFirstOrThrow();
    return { run: toRun(row), request };
  });
}

async function readUnarchived(store: Store): Promise<string[]> {
  const rows = await store.read(
    async (db) => await db.selectFrom("algorithm_runs").select("task_id").where("archived_at", "is", null).execute(),
  );
  return rows.map((row) => row.task_id);
}
