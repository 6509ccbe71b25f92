import { AsyncLocalStorage } from "node:async_hooks";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { sql } from "kysely";
import type { Pool } from "pg";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { Log } from "../platform/log.ts";
import { openPool, type Store } from "../store/open-store.ts";

/** Watches over tasks durably: one workflow per task, with the task's id, until the task has ended. */
export interface TaskEngine {
  /** Safe to repeat. Never fails: what could not be started is started by the next repair. */
  start(taskId: string): void;
  /** The same for a task with a run. */
  startRun(taskId: string): void;
  /** Ends the workflows of tasks that have been marked cancelled. */
  cancel(taskIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface TaskEngineParts {
  readonly config: DaemonConfig;
  readonly store: Store;
  readonly log: Log;
  /** Makes sure that the task is worked on and waits for its end; called again after every restart. */
  readonly runTask: (taskId: string, signal: AbortSignal) => Promise<void>;
  /** Registers what a run needs and gives the body of its workflow, which may start tasks and, on the queue, workflows. */
  readonly registerRun: (parts: {
    readonly queueName: string;
    readonly startTask: TaskEngine["start"];
  }) => (taskId: string) => Promise<void>;
}

const TASKS_QUEUE = "tasks";
const SYSTEM_QUEUE = "system";
/** A fixed name: workflows of an older daemon go on under a newer one. */
const APPLICATION_VERSION = "1";
/** A workflow mostly waits for its task's end, which the dispatcher brings about; this only bounds its memory. */
const AT_ONCE = 2_000;
/** Each look costs an idle server a query. */
const POLLING_MS = 250;
/** Unbounded, because what runs on it waits for others on it. */
const RUNS_QUEUE = "runs";
/** A phase waits half of this on average before it starts. */
const RUNS_POLLING_MS = 250;
/** How often DBOS looks for news of workflow events and streams, which we do not use; 10 ms by default. */
const NOTIFICATION_MS = 1_000;
const REPAIR_MS = 10_000;
const KEPT_DAYS = 7;
/** Each restart counts as one, also for a workflow that only waits. */
const MAX_RECOVERIES = 100_000;

export async function openTaskEngine(parts: TaskEngineParts): Promise<TaskEngine> {
  const { config, store, log } = parts;
  const { start, startRun, startAgain } = registerWorkflows(parts);
  const forget = DBOS.registerWorkflow(forgetOldWorkflows, { name: "forget-old-workflows" });
  // DBOS fails a workflow whose query takes too long, instead of trying again.
  const pool = openPool(config.postgres, { size: 6, log, queryTimeoutMs: 0 });
  await launch(pool, log);
  await DBOS.applySchedules([
    { scheduleName: "retention", workflowFn: forget, schedule: "17 3 * * *", queueName: SYSTEM_QUEUE },
  ]);
  const repair = async (): Promise<void> => {
    for (const task of await readAbandoned(store)) {
      log.warn("starting a task again", { taskId: task.id, workflow: task.status });
      await startAgain(task);
    }
  };
  const tryRepair = (): void => void repair().catch((error: unknown) => log.debug("no repair", { error }));
  await repair();
  const timer = setInterval(tryRepair, REPAIR_MS);
  return {
    start,
    startRun,
    async cancel(taskIds) {
      await DBOS.cancelWorkflows([...taskIds], { cancelChildren: true });
    },
    async close() {
      clearInterval(timer);
      await DBOS.shutdown();
      await pool.end();
    },
  };
}

interface Starts extends Pick<TaskEngine, "start" | "startRun"> {
  readonly startAgain: (task: AbandonedTask) => Promise<void>;
}

/** Before the launch, which goes on with the workflows of the process before this one. */
function registerWorkflows({ log, runTask, registerRun }: TaskEngineParts): Starts {
  // A run starts tasks within its steps, where DBOS would take them for workflows of its own.
  const outside = AsyncLocalStorage.snapshot();
  const work = DBOS.registerWorkflow(
    async (taskId: string) => {
      await DBOS.runStep(async () => await runTask(taskId, cancelSignal()), { name: "turn" });
    },
    { name: "task", maxRecoveryAttempts: MAX_RECOVERIES },
  );
  const enqueue = async (taskId: string): Promise<void> => {
    await DBOS.startWorkflow(work, { workflowID: taskId, queueName: TASKS_QUEUE })(taskId);
  };
  const start = (taskId: string): void => {
    outside(enqueue, taskId).catch((error: unknown) =>
      log.warn("a task will be watched over later", { taskId, error }),
    );
  };
  const run = DBOS.registerWorkflow(registerRun({ queueName: RUNS_QUEUE, startTask: start }), {
    name: "algorithm",
    maxRecoveryAttempts: MAX_RECOVERIES,
  });
  const enqueueRun = async (taskId: string): Promise<void> => {
    await DBOS.startWorkflow(run, { workflowID: taskId, queueName: RUNS_QUEUE })(taskId);
  };
  return {
    start,
    startRun(taskId) {
      enqueueRun(taskId).catch((error: unknown) => log.warn("a run will start later", { taskId, error }));
    },
    async startAgain({ id, hasRun, status }) {
      if (status !== null) await DBOS.rewindWorkflow(id, { queueName: hasRun ? RUNS_QUEUE : TASKS_QUEUE });
      else await (hasRun ? enqueueRun(id) : enqueue(id));
    },
  };
}

async function launch(pool: Pool, log: Log): Promise<void> {
  DBOS.setConfig({
    name: "ai-infrastructure",
    systemDatabasePool: pool,
    applicationVersion: APPLICATION_VERSION,
    executorID: "daemon",
    enablePatching: true,
    notificationCoalesceMs: NOTIFICATION_MS,
    listenQueues: [TASKS_QUEUE, RUNS_QUEUE, SYSTEM_QUEUE],
    logger: {
      debug: () => {},
      info: (entry) => log.debug(`DBOS: ${String(entry)}`),
      warn: (entry) => log.debug(`DBOS: ${String(entry)}`),
      error: (entry) => log.warn(`DBOS: ${String(entry)}`),
    },
  });
  await DBOS.launch();
  const onConflict = "always_update";
  await DBOS.registerQueue(TASKS_QUEUE, {
    workerConcurrency: AT_ONCE,
    minPollingIntervalMs: POLLING_MS,
    onConflict,
  });
  await DBOS.registerQueue(RUNS_QUEUE, { minPollingIntervalMs: RUNS_POLLING_MS, onConflict });
  await DBOS.registerQueue(SYSTEM_QUEUE, { workerConcurrency: 1, minPollingIntervalMs: 10_000, onConflict });
}

function cancelSignal(): AbortSignal {
  return DBOS.stepStatus?.cancelSignal ?? new AbortController().signal;
}

async function forgetOldWorkflows(scheduledAt: Date): Promise<void> {
  const completedBefore = new Date(scheduledAt.getTime() - KEPT_DAYS * 86_400_000).toISOString();
  for (;;) {
    const old = await DBOS.listWorkflows({ completedBefore, limit: 500, loadInput: false, loadOutput: false });
    if (old.length === 0) return;
    await DBOS.deleteWorkflows(
      old.map(({ workflowID }) => workflowID),
      true,
    );
  }
}

interface AbandonedTask {
  readonly id: string;
  readonly status: string | null;
  readonly hasRun: boolean;
}

/** Open tasks that nobody works on: their workflow was never started, or ended without ending the task. */
async function readAbandoned(store: Store): Promise<readonly AbandonedTask[]> {
  const { rows } = await store.read(
    async (db) =>
      await sql<AbandonedTask>`
        select tasks.id, workflow.status, runs.task_id is not null as "hasRun" from tasks
        left join algorithm_runs runs on runs.task_id = tasks.id
        left join dbos.workflow_status workflow on workflow.workflow_uuid = tasks.id
        where tasks.ended_at is null
          and (workflow.status is null or workflow.status not in ('PENDING', 'ENQUEUED', 'DELAYED'))
        order by tasks.number`.execute(db),
  );
  return rows;
}
