import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { startConsole } from "../support/console-stand-in.ts";
import { connectApp, createDaemon, type DaemonClient, type TestDaemon } from "../support/daemon-process.ts";
import { query } from "../support/postgres.ts";
import { until } from "../support/start-program.ts";
import type { Bench, Figure } from "./figure.ts";

const TASKS = 1_000;
const BUDGET_MB = 150;
/** After a start the daemon takes up all tasks at once, and gives that memory back within half a minute. */
const SETTLE_MS = 30_000;
const DEADLINE_MS = 300_000;

/** What a thousand tasks that wait for a person take in the daemon's memory and in PostgreSQL's. */
export const waitingTasks: Bench = {
  name: "waiting-tasks",
  unavailable: () => null,
  run: async () => {
    const daemon = await createDaemon();
    const console = startConsole(daemon, "code", async (turn, api) => {
      const question = { turnId: turn.id, callId: "ask", action: `release ${turn.request}`, reason: "It may break." };
      await api(async (client) => await client.ask(question));
    });
    const app = await connectApp(daemon);
    try {
      await makeWait(daemon, app.client, 20);
      const before = await settledMb(daemon);
      await makeWait(daemon, app.client, TASKS);
      const after = await settledMb(daemon);
      await daemon.kill("SIGKILL");
      await daemon.start();
      const again = await settledMb(daemon);
      return [
        figure("memory of 1,000 waiting tasks", after - before),
        figure("  the same, after kill -9 of the daemon", again - before),
      ];
    } finally {
      console.stop();
      app.close();
      await daemon.remove();
    }
  },
};

/** Each in a conversation of its own: in one, people's requests are done one after the other. */
async function makeWait(daemon: TestDaemon, app: DaemonClient, tasks: number): Promise<void> {
  const before = await waitingNow(daemon);
  for (let task = 0; task < tasks; task += 1) {
    const text = `version ${task}`;
    await app.chat.send({ id: randomUUID(), text, agent: "code", conversationId: randomUUID() });
  }
  const haveCome = async (): Promise<boolean> => (await waitingNow(daemon)) === before + tasks;
  await until(`${tasks} more tasks wait`, haveCome, DEADLINE_MS);
}

async function waitingNow({ postgres }: TestDaemon): Promise<number> {
  const [row] = await query(postgres.config, "select count(*)::int as waiting from tasks where state = 'waiting'");
  return Number(row?.["waiting"]);
}

/** Of the daemon and of PostgreSQL, pages that several share counted once. */
async function settledMb(daemon: TestDaemon): Promise<number> {
  await pause(SETTLE_MS);
  const postgres = daemon.postgres.pid();
  const backends = readFileSync(`/proc/${postgres}/task/${postgres}/children`, "utf8").trim().split(" ");
  return [String(daemon.pid()), String(postgres), ...backends].reduce((sum, each) => sum + pssMb(each), 0);
}

/** 0 for a process that has ended meanwhile. */
function pssMb(pid: string): number {
  try {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
    return (Number(pss) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

function figure(name: string, value: number): Figure {
  return { name, value, unit: "MB", baseline: { name: "budget", value: BUDGET_MB }, bar: { atMost: 1 } };
}
