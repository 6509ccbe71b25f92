import path from "node:path";
import { AgentName } from "../contract/agents.ts";
import { ROOT_SOCKET } from "../contract/broker-desk.ts";
import type { SecretMarks } from "../contract/console-api.ts";
import { API_SOCKET, type DaemonConfig, policyFileOf } from "../contract/daemon-config.ts";
import { type Definitions, openDefinitions } from "./agent-settings/open-definitions.ts";
import { recordOf } from "./agent-settings/record-change.ts";
import { keepRecords } from "./algorithm/keep-records.ts";
import { registerAlgorithm } from "./algorithm/register-algorithm.ts";
import { expireApprovals } from "./approvals/approvals.ts";
import { offerPanes } from "./approvals/offer-panes.ts";
import { createLogins } from "./audit/record-logins.ts";
import { recordSecretReads } from "./audit/record-secret-reads.ts";
import { createHeadWatch } from "./audit/watch-heads.ts";
import { type LiveBus, type LiveEvent, openLiveBus } from "./bus/live-bus.ts";
import { type CallJudge, createCallJudge } from "./call-judge.ts";
import { sendMessage } from "./chat/send-message.ts";
import { daemonRouter } from "./daemon-router.ts";
import { type EventFeed, openEventFeed } from "./events/event-feed.ts";
import { type Health, openHealth } from "./health/open-health.ts";
import { createUsageReader } from "./health/read-usage.ts";
import { createGateway } from "./gateway/create-gateway.ts";
import type { Ledger } from "./gateway/ledger.ts";
import type { Log } from "./platform/log.ts";
import type { Redact } from "./platform/redact.ts";
import { staySmall } from "./platform/stay-small.ts";
import { pause } from "./platform/wait.ts";
import { readSecrets } from "./read-secrets.ts";
import { createWebSearch, type WebSearcher } from "./search/create-web-search.ts";
import type { Snapshots } from "./snapshots/open-snapshots.ts";
import { noteRootSnapshot } from "./snapshots/root-snapshots.ts";
import { followBudget } from "./spend/budgets.ts";
import { spentToday } from "./spend/read-spend.ts";
import { createLedger } from "./spend/ledger.ts";
import { createStatusReader } from "./status/read-status.ts";
import { openTeamStates, type TeamStates } from "./status/team-states.ts";
import { openPolicyFile } from "./policy/policy-file.ts";
import { isPassing } from "./store/connection-loss.ts";
import { ensureWorkspaceDatabase } from "./store/ensure-workspace-database.ts";
import { migrate } from "./store/migrate.ts";
import { openStore, type Store } from "./store/open-store.ts";
import { openTeamMemory, type TeamMemory } from "./team-memory.ts";
import { openTeamSnapshots } from "./team-snapshots.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { startRestAlarm } from "./tasks/rest-alarm.ts";
import { openTaskEngine, type TaskEngine } from "./tasks/task-engine.ts";
import { openAnswerPanes } from "./team/answer-panes.ts";
import { type Board, createBoard } from "./turns/board.ts";
import { consoleRouter } from "./turns/console-router.ts";
import { type Consoles, createConsoles } from "./turns/consoles.ts";
import { startDispatcher } from "./turns/dispatcher.ts";
import { failTask, runTask } from "./turns/run-turn.ts";
import { takeRootTicket } from "./turns/take-root-ticket.ts";
import { refuseSecondDaemon } from "./wire/claim-socket.ts";
import { openWire } from "./wire/open-wire.ts";
import { serveDesk } from "./wire/serve-desk.ts";

/** Runs the daemon until it is told to stop. */
export async function serve(config: DaemonConfig): Promise<void> {
  const startedAt = new Date();
  const { credentials, log, redact, secretMarks } = await readSecrets();
  const { "redis-password": password, "anthropic-key": anthropicKey, "search-key": searchKey } = credentials;
  await refuseSecondDaemon(path.join(config.runDir, API_SOCKET));
  const store = await readyStore({ config, log, redact });
  await recordSecretReads(store, credentials);
  const base = { config, log, redact, secretMarks, store };
  const logins = createLogins(store, log);
  const feed = await openEventFeed(store, log);
  const bus = openLiveBus({ redis: config.redis, password, log });
  const [consoles, board] = [createConsoles(), createBoard()];
  const definitions = await readDefinitions({ config, log, store });
  const health = await openHealth({ config, log, store, consoles });
  const team = await openTeamStates({ store, feed, consoles, health, definitions });
  const remembered = openTeamMemory(base, credentials["qdrant-key"]);
  const snapshots = await openTeamSnapshots({ config, log, store, feed, consoles });
  const live = { feed, bus, consoles, board, health, team };
  const searchWeb = createWebSearch({ config, searchKey, store });
  const parts = { ...base, ...live, ...remembered, definitions, snapshots, searchWeb };
  connectLiveView(parts);
  followBudgets(parts);
  const records = await keepRecords(parts);
  const tasks = await startTasks(parts);
  const dispatcher = startDispatcher(parts);
  const restAlarm = startRestAlarm(parts);
  const lifetime = new AbortController();
  const wire = await openWire({
    config,
    log,
    gateway: createGateway({ config, anthropicKey, log, redact, ledger: ledgerOf(parts, lifetime.signal) }),
    serveCopy: (request, response, agent) => snapshots.serve(request, response, agent),
    onApp: (socket, app) => logins.opened(socket, app),
    ...routers({ ...parts, tasks, startedAt }),
  });
  const desk = await openDesk(parts);
  const panes = offerAnswerPanes(parts);
  log.info("the daemon is ready", { version: config.version, model: config.model });
  staySmall(lifetime.signal);
  await stopSignal();
  log.info("the daemon stops");
  await wire.close();
  lifetime.abort();
  const open = [restAlarm, dispatcher, records, definitions, snapshots, health, remembered, panes, desk, feed, bus];
  for (const part of open) part.close();
  await tasks.close();
  await logins.settled();
  await store.close();
  process.exit(0);
}

interface Parts extends TeamMemory {
  readonly config: DaemonConfig;
  readonly log: Log;
  readonly redact: Redact;
  readonly secretMarks: SecretMarks;
  readonly store: Store;
  readonly feed: EventFeed;
  readonly bus: LiveBus;
  readonly consoles: Consoles;
  readonly board: Board;
  readonly health: Health;
  readonly team: TeamStates;
  readonly definitions: Definitions;
  readonly snapshots: Snapshots;
  readonly searchWeb: WebSearcher;
}

const STORE_RETRY_MS = 500;

/** Waits for PostgreSQL as long as it takes: after a boot it may come up later than the daemon. */
async function readyStore({ config, log, redact }: Pick<Parts, "config" | "log" | "redact">): Promise<Store> {
  const { store, db } = openStore({ postgres: config.postgres, log, redact });
  for (;;) {
    try {
      await migrate(db);
      await ensureWorkspaceDatabase(config);
      return store;
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.warn("PostgreSQL is away: waiting for it", { error });
      await pause(STORE_RETRY_MS);
    }
  }
}

/** Live news go out over the bus; after it was away, the whole present goes out again. */
function connectLiveView({ feed, bus, board, team }: Parts): void {
  team.onChanged((event) => bus.publish(event));
  feed.subscribe((event) => {
    if (event.type === "task_changed" && event.task.endedAt !== null) board.closeTask(event.task.id);
  });
  bus.onReconnected(() => {
    for (const event of present({ board, team })) bus.publish(event);
  });
}

function present({ board, team }: Pick<Parts, "board" | "team">): LiveEvent[] {
  return [...team.list().map((agent) => ({ type: "agent_changed" as const, agent })), ...board.partials()];
}

function ledgerOf({ store, log, bus }: Parts, lifetime: AbortSignal): Ledger {
  return createLedger({ store, log, lifetime, now: () => new Date(), onSpent: (event) => bus.publish(event) });
}

async function startTasks(parts: Parts): Promise<TaskEngine> {
  const { config, store, log } = parts;
  const work = async (taskId: string, signal: AbortSignal): Promise<void> => {
    try {
      await runTask(parts, taskId, signal);
    } catch (error) {
      log.error("a task failed", { taskId, error });
      await failTask(store, taskId, error);
    }
  };
  return await openTaskEngine({
    config,
    store,
    log,
    runTask: work,
    registerRun: ({ queueName, startTask }) => registerAlgorithm({ ...parts, startTask }, queueName),
  });
}

function routers(parts: Parts & { readonly tasks: TaskEngine; readonly startedAt: Date }) {
  const { config, store, tasks, consoles, health, snapshots } = parts;
  const startTask = (taskId: string): void => tasks.start(taskId);
  const startRun = (taskId: string): void => tasks.startRun(taskId);
  const stopWork = async (taskIds: readonly string[]): Promise<void> => await tasks.cancel(taskIds);
  const cancelling = { store, stopWork, expireQuestions: expireApprovals };
  return {
    daemonRouter: daemonRouter({
      ...parts,
      ...cancelling,
      startTask,
      tellConsole: (agent, order) => consoles.send(agent, order),
      startRun,
      snapshots: snapshots.api,
      heads: createHeadWatch(store),
      present: () => present(parts),
      readStatus: createStatusReader(parts),
      health: { ...health, readUsage: createUsageReader({ config, spentToday: async () => await spentToday(store) }) },
    }),
    consoleRouter: consoleRouter({
      ...parts,
      consoles,
      startTask,
      ...callJudge(parts),
      ...snapshots,
      keeping: { workspace: config.workspace, maxBytes: snapshots.limits.maxBytes },
      startRun,
      cancelTask: async (taskId) => await cancelTask(cancelling, taskId),
      submit: async (request) => await sendMessage({ store, startTask, startRun }, request),
    }),
  };
}

/** Changes of definitions are in the audit trail, whoever made them. */
async function readDefinitions({ config, log, store }: Pick<Parts, "config" | "log" | "store">): Promise<Definitions> {
  return await openDefinitions({
    config,
    log,
    recordChange: async (change) =>
      await store.change(async (_tx, _emit, audit) => await Promise.resolve(audit(recordOf(change)))),
  });
}

/** The books hold a copy of what definitions say an agent may cost. */
function followBudgets({ definitions, store, log }: Parts): void {
  const follow = (agents: readonly AgentName[]): void => {
    for (const name of agents) {
      const budget = { name, usd: definitions.get(name).settings.budgetUsdPerDay };
      const followed = followBudget(store, budget, new Date());
      followed.catch((error: unknown) => log.warn("a budget is not in force", { agent: name, error }));
    }
  };
  definitions.onChanged(follow);
  follow(AgentName.options);
}

function callJudge({ config, store, log, definitions }: Parts): CallJudge {
  const policyFile = openPolicyFile({
    path: policyFileOf(config),
    mustBeRoots: config.mode === "server",
    onChanged({ sha256, policy }) {
      if (policy.state === "broken") log.warn("the policy file is broken", { complaint: policy.complaint });
      const detail = { sha256, ...policy };
      const told = store.change(async (_tx, _emit, audit) => {
        await Promise.resolve(audit({ kind: "policy_changed", detail }));
      });
      told.catch((error: unknown) => log.warn("a change of the policy is not in the audit trail", { error }));
    },
  });
  return createCallJudge({
    policyFile,
    workspace: config.workspace,
    levelOf: (agent) => definitions.get(agent).settings.level,
  });
}

/** Where the broker asks what was allowed and tells what it did. */
async function openDesk({ config, log, store }: Parts): Promise<{ close(): void }> {
  return await serveDesk({
    path: path.join(config.runDir, ROOT_SOCKET),
    log,
    takeTicket: async (request) => await takeRootTicket(store, request),
    record: async (record) =>
      await store.change(async (tx, emit, audit) => {
        audit(record);
        await noteRootSnapshot(tx, emit, record);
      }),
  });
}

/** Where people answer beside the app. */
function offerAnswerPanes({ config, store, feed, log }: Parts): { close(): void } {
  return offerPanes({ store, feed, log, openPanes: async (agents) => await openAnswerPanes(config, agents) });
}

async function stopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}
