import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AgentName, SPECIALISTS } from "../../../contract/agents.ts";
import type { AuditRecord } from "../../../contract/audit.ts";
import type { Task } from "../../../contract/tasks.ts";
import { verifyTrail } from "../../../src-main/audit/verify-trail.ts";
import { NO_NOTES } from "../../../src-main/audit/head-notes.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { createTeam, type TestTeam } from "./team-on-daemon.ts";

const SUBTASKS = 24;
const KILLS = 30;
const seed = Number(process.env["KILLS_SEED"] ?? Date.now() % 1_000_000);
const random = seededRandom(seed);

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(`KILLS_SEED=${seed}\n${team.daemon.output()}`);
});
afterAll(async () => await team?.remove());

const NUMBERS = Array.from({ length: SUBTASKS }, (_, index) => String(index + 1).padStart(2, "0"));

/** Two lines in a file that would show it if anything ran twice, then words of its own. */
function subtask(number: string): string {
  const leaveLine = (part: string): string => `run \`echo ${number}-${part} >> lines.txt; sleep 2; echo ${part}\``;
  return `${leaveLine("a")}, then ${leaveLine("b")}, then run \`echo result-of-${number}\``;
}

const request = NUMBERS.map((number, index) => {
  return `ask ${SPECIALISTS[index % SPECIALISTS.length]} to "${subtask(number)}"`;
}).join(", meanwhile ");

/** Kills one thing after another at random moments; what was killed comes back by itself or by its supervisor. */
async function killAtRandom(kills: number): Promise<string[]> {
  const { daemon } = team;
  const killed: string[] = [];
  const services = { daemon, postgres: daemon.postgres };
  const isBack = new Map<string, Promise<void>>();
  const killService = async (name: keyof typeof services): Promise<void> => {
    await isBack.get(name);
    await services[name].kill("SIGKILL");
    isBack.set(name, services[name].start());
    killed.push(name);
  };
  while (killed.length < kills) {
    await pause(200 + random() * 900);
    const dice = random();
    if (dice < 0.25) await killService("daemon");
    else if (dice < 0.45) await killService("postgres");
    else if (killConsole(pick(AgentName.options))) killed.push("console");
  }
  await Promise.all(isBack.values());
  return killed;
}

/** As a person would: an agent that died too often to be started again by itself is started. Returns how to stop. */
function startHeldAgents(): () => void {
  const start = async (): Promise<void> => {
    const app = await team.app();
    const { agents } = await app.status.get();
    for (const { name } of agents.filter(({ state }) => state === "held")) await app.health.start({ name });
  };
  const looking = setInterval(() => void start().catch(() => undefined), 500);
  return () => clearInterval(looking);
}

/** False when its window has not started it again yet. */
function killConsole(agent: AgentName): boolean {
  try {
    return process.kill(team.panePid(agent), "SIGKILL");
  } catch {
    return false;
  }
}

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

async function readTrail(taskIds: readonly string[]): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const piece of await (await team.app()).audit.read({ after: 0 })) records.push(...piece);
  return records.filter(({ taskId }) => taskId !== null && taskIds.includes(taskId));
}

async function verdictOnTrail() {
  const checking = verifyTrail(await team.app(), NO_NOTES, AbortSignal.timeout(30_000));
  for (;;) {
    const step = await checking.next();
    if (step.done === true) return step.value.verdict;
  }
}

const callsOf = async ({ id }: Pick<Task, "id">) => (await (await team.app()).tasks.show({ id })).calls;
type Call = Awaited<ReturnType<typeof callsOf>>[number];

/** Each command of each subtask was called once, and none of those that are known to have ended ran twice. */
function expectCallsOnce(calls: readonly Call[]): void {
  const summaries = calls.map(({ summary }) => summary);
  expect(summaries).toHaveLength(3 * SUBTASKS);
  expect(new Set(summaries).size).toBe(summaries.length);
  expect(calls.filter(({ state }) => state !== "done" && state !== "unknown")).toEqual([]);
  const lines = readFileSync(path.join(team.workspace, "lines.txt"), "utf8").trimEnd().split("\n");
  expect(new Set(lines).size).toBe(lines.length);
  const done = calls.filter(({ state }) => state === "done");
  expect(lines).toEqual(
    expect.arrayContaining(done.flatMap(({ summary }) => /echo (\d\d-\w) >>/.exec(summary)?.[1] ?? [])),
  );
}

function expectOwnResults(parent: Task, children: readonly Task[], calls: readonly Call[]): void {
  for (const { request: given, result } of children) {
    const own = /result-of-\d\d/.exec(given)?.[0] ?? "no number";
    const isKnown = calls.some(({ state, summary }) => state === "done" && summary.includes(own));
    expect(result).toContain(isKnown ? own : "outcome is unknown");
    expect(parent.result).toContain(result);
  }
}

function expectRecordedOnce(records: readonly AuditRecord[], taskIds: readonly string[]): void {
  const of = (kind: string): AuditRecord[] => records.filter((record) => record.kind === kind);
  for (const kind of ["call_started", "call_ended"]) {
    const calls = of(kind).map(({ detail }) => (JSON.parse(detail) as { call: string }).call);
    expect(new Set(calls).size, kind).toBe(calls.length);
  }
  expect(new Set(of("task_ended").map(({ taskId }) => taskId))).toEqual(new Set(taskIds));
  expect(of("task_ended")).toHaveLength(taskIds.length);
}

test(`24 subtasks at once end each once, through 30 kills of the daemon, agents and PostgreSQL (${seed})`, async () => {
  const taskId = await team.send(request);
  const killed = await killAtRandom(KILLS);
  const before = await (await team.app()).tasks.show({ id: taskId });
  expect(before.task.endedAt, "the kills came while there was work").toBeNull();
  const stopStarting = startHeldAgents();
  const parent = await team.whenEnded(taskId, 150_000).finally(stopStarting);
  const { children } = await (await team.app()).tasks.show({ id: taskId });

  expect(parent.state).toBe("done");
  expect(new Set(children.map(({ request: given }) => given))).toEqual(new Set(NUMBERS.map(subtask)));
  expect(children.map(({ state }) => state)).toEqual(NUMBERS.map(() => "done"));
  const calls = (await Promise.all(children.map(callsOf))).flat();
  expectCallsOnce(calls);
  expectOwnResults(parent, children, calls);
  const taskIds = [taskId, ...children.map(({ id }) => id)];
  expectRecordedOnce(await readTrail(taskIds), taskIds);
  expect((await verdictOnTrail()).state).toBe("intact");
  const unknown = calls.filter(({ state }) => state === "unknown").length;
  console.log(`seed ${seed}: killed ${killed.join(" ")}; ${unknown} of ${calls.length} calls honestly unknown`);
}, 240_000);
