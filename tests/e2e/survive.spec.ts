import { expect, test, type Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Task } from "../../contract/tasks.ts";
import { streamedText } from "../../server-agent/gateway/streamed-text.ts";
import { createCli } from "../support/cli.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { messagesOn, openPage, plain, sendMessage, type PageSession } from "../support/page-session.ts";
import { observe, provisionByCli, type Observer } from "../support/provisioned-lab.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { until } from "../support/start-program.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 300_000 });

const CUT_MS = 10_000;
const home = mkdtempSync(path.join(tmpdir(), "survive-"));
let lab: Lab;
let session: PageSession;
let page: Page;
let observer: Observer;

test.beforeAll(async () => {
  lab = await startLab({ name: "survive", address: 52 });
});

test.afterAll(async () => {
  await observer?.close();
  await session?.close();
  await lab?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** The steps of a fresh server, and how long each takes at the least. */
const STEP_MS = { accounts: 100, packages: 12_000, postgres: 500, redis: 500, runtime: 500, services: 2000, ssh: 200 };
const seed = Number(process.env["CUTS_SEED"] ?? Date.now() % 100_000);

/** Ten moments of a provisioning: so many milliseconds after the start of a step. */
function tenMoments(): { step: string; afterMs: number }[] {
  const random = seededRandom(seed);
  const steps = Object.entries(STEP_MS);
  return Array.from({ length: 10 }, (_, index) => {
    const [step, ms] = steps[index % steps.length] ?? ["packages", 0];
    return { step, afterMs: Math.round(random() * ms) };
  });
}

test("a provisioning whose connection is cut at ten random moments completes in the same run with nothing half-done", async () => {
  const cuts: Promise<void>[] = [];
  const moments = tenMoments();
  const cli = createCli(home);
  const provisioned = await provisionByCli(cli, lab, {
    onEvent({ type, id }) {
      if (type !== "step_started") return;
      for (const { step, afterMs } of moments) if (step === id) cuts.push(delay(afterMs).then(cutLogins));
    },
  });
  await Promise.all(cuts);
  expect(cuts).toHaveLength(10);
  const logged = provisioned.events.filter(({ type }) => type === "step_log").map(({ line }) => line);
  expect(logged).toContain("The connection broke; going on when it is back");
  expect(Number(await loginsSoFar())).toBeGreaterThan(4);
  expect(provisioned, `CUTS_SEED=${seed}`).toMatchObject({ exitCode: 0, result: { ok: true } });
  const steps = (provisioned.result["steps"] as { id: string }[]).map(({ id }) => id);
  const ended = provisioned.events.flatMap(({ type, result }) =>
    type === "step_ended" ? [(result as { id: string }).id] : [],
  );
  const started = provisioned.events.flatMap(({ type, id }) => (type === "step_started" ? [id as string] : []));
  expect(ended.toSorted()).toEqual(steps.toSorted());
  expect(started.toSorted()).toEqual([...new Set(started)].toSorted());
  expect(await lab.sh("grep -c '^Commandline: .*install' /var/log/apt/history.log")).toBe("1");
  expect(
    await lab.sh(`dpkg --audit; find /etc /opt /var/lib/ai-infrastructure /home -name '*.new' -o -name '*.part'`),
  ).toBe("");
  expect(await provisionByCli(cli, lab), `CUTS_SEED=${seed}`).toMatchObject({
    exitCode: 0,
    result: { ok: true, changed: 0 },
  });
});

test("the page opens on the server and its team", async ({ browser }) => {
  [session, observer] = await Promise.all([openPage(browser, home), observe(home, lab.name)]);
  page = session.page;
  await expect(page.getByText("What should the team do?")).toBeVisible({ timeout: 20_000 });
});

const KILLS = [
  { what: "the daemon", kill: () => lab.sh("systemctl kill -s KILL ai-infrastructure.service") },
  { what: "PostgreSQL", kill: () => lab.sh("pkill -KILL -x postgres") },
  { what: "Redis", kill: () => lab.sh("pkill -KILL -x redis-server") },
  { what: "the power of the server", kill: () => lab.kill().then(() => lab.boot()) },
];

for (const [index, { what, kill }] of KILLS.entries()) {
  test(`a task goes on by itself after kill -9 of ${what}`, async () => {
    const file = `count-${index}.txt`;
    const append = (line: number) => `run \`echo ${line} >> ${file}; sleep 1\``;
    const request = [1, 2, 3, 4].map(append).join(", then ");
    await sendMessage(page, `${request}, then stream long 700 slowly`);
    await until("the second call has begun", async () => (await linesOf(file)).length === 2, 30_000);

    await kill();

    const task = await endOf(file);
    expect(task).toMatchObject({ state: "done", error: null });
    expect(task.result).toContain(streamedText(700).trim());
    expect(await linesOf(file)).toEqual(["1", "2", "3", "4"]);
    await everythingAtRest();
  });
}

test("a question that was open when the server lost its power is answered after the boot, and the action runs once", async () => {
  await sendMessage(page, "@code run `mkdir -p old && echo kept > old/kept.txt`");
  await endOf("mkdir -p old");
  await sendMessage(page, "@code run `rm -rf old && echo gone >> gone.txt`");
  const openQuestions = () => observer.ask((daemon) => daemon.approvals.list({ state: "open" }));
  await expect(page.getByRole("button", { name: "Allow once" })).toBeVisible({ timeout: 20_000 });
  const asked = await openQuestions();

  await lab.kill();
  await lab.boot();

  await everythingUp();
  expect(await openQuestions()).toEqual(asked);
  expect(await lab.sh("cat /workspace/old/kept.txt")).toBe("kept");
  await page.getByRole("button", { name: "Allow once" }).click();
  const task = await endOf("rm -rf old");
  expect(task).toMatchObject({ state: "done", error: null });
  expect(await linesOf("gone.txt")).toEqual(["gone"]);
  const { calls } = await observer.ask((daemon) => daemon.tasks.show({ id: task.id }));
  expect(calls.map(({ state }) => state)).toEqual(["done"]);
  const { records } = await observer.ask((daemon) => daemon.audit.list({ taskId: task.id, limit: 100 }));
  const kinds = records.map(({ kind }) => kind).toReversed();
  expect(kinds.filter((kind) => kind.startsWith("approval") || kind.startsWith("call"))).toEqual([
    "approval_asked",
    "approval_answered",
    "approval_used",
    "call_started",
    "call_ended",
  ]);
  await everythingAtRest();
});

test("a stream goes on when the console that writes it is killed", async () => {
  await sendMessage(page, "@code stream long 900 slowly");
  await expect(page.locator("article[aria-busy=true]")).toContainText("word-20", { timeout: 20_000 });

  await killConsoleOf("code");

  const task = await endOf("stream long 900");
  expect(task.result).toBe(streamedText(900));
  await everythingAtRest();
});

test("a command whose console is killed is told as unknown and not repeated", async () => {
  const append = (line: number, more = "") => `run \`echo ${line} >> killed.txt${more}\``;
  await sendMessage(
    page,
    `@code ${append(1)}, then ${append(2, "; sleep 30; echo 2 >> killed.txt")}, then ${append(3)}`,
  );
  await until("the second call has begun", async () => (await linesOf("killed.txt")).length === 2, 30_000);

  await killConsoleOf("code");

  const task = await endOf("killed.txt");
  expect(task.state).toBe("done");
  expect(await linesOf("killed.txt")).toEqual(["1", "2", "3"]);
  const { calls } = await observer.ask((daemon) => daemon.tasks.show({ id: task.id }));
  expect(calls.map(({ state }) => state)).toEqual(["done", "unknown", "done"]);
  await expect(page.getByText("outcome unknown", { exact: true }).last()).toBeVisible();
  await everythingAtRest();
});

test("a stream goes on where it was after the connection was cut for ten seconds", async () => {
  await sendMessage(page, "stream long 4000 slowly");
  const answer = page.locator("article[aria-busy=true]");
  await expect(answer).toContainText("word-20", { timeout: 20_000 });

  const cut = cutForTenSeconds();
  await expect(page.getByRole("banner").getByText(/Reconnecting/)).toBeVisible({ timeout: 8000 });
  const before = (await answer.textContent()) ?? "";
  expect(before).toContain("word-20");
  await cut;

  await expect(page.getByRole("banner").getByText(/Connected/)).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await answer.textContent())?.length).toBeGreaterThan(before.length);
  expect((await answer.textContent())?.slice(0, before.length)).toBe(before);
  const task = await endOf("stream long 4000");
  expect(task.result).toBe(streamedText(4000));
  await everythingAtRest();
});

test("packets that are dropped for ten seconds are told as a silence at once, and nothing is lost or connected anew", async () => {
  const state = page.getByRole("banner");
  await expect(state.getByText(/^Connected/)).toBeVisible({ timeout: 30_000 });
  const logins = await loginsSoFar();

  await lab.cutNetwork();
  const cutAt = Date.now();
  await sendMessage(page, "run `echo after the silence`");
  await expect(state.getByText(/^Not answering for [2-4] s/)).toBeVisible({ timeout: 6000 });
  await expect(state.getByText(/^Not answering for [6-8] s/)).toBeVisible({ timeout: 6000 });
  await delay(cutAt + CUT_MS - Date.now());
  await lab.restoreNetwork();

  await expect(state.getByText(/^Connected/)).toBeVisible({ timeout: 20_000 });
  const task = await endOf("after the silence");
  expect(task.state).toBe("done");
  expect(await loginsSoFar()).toBe(logins);
  await everythingAtRest();
});

const loginsSoFar = async () => await lab.sh("journalctl -q -u ssh.service -o cat | grep -c '^Accepted publickey'");

/** The login's processes die, so that the connection is surely gone and not only slow. */
async function cutLogins(): Promise<void> {
  await lab.exec(["pkill", "-KILL", "-f", "^sshd: root"]);
}

async function cutForTenSeconds(): Promise<void> {
  await cutLogins();
  await lab.cutNetwork();
  await delay(CUT_MS);
  await lab.restoreNetwork();
}

async function killConsoleOf(agent: string): Promise<void> {
  await lab.sh(`pkill -KILL -u ai-${agent} -f 'daemon.mjs agent ${agent}'`);
}

async function linesOf(file: string): Promise<string[]> {
  const { stdout } = await lab.exec(["cat", `/workspace/${file}`]);
  return stdout.split("\n").slice(0, -1);
}

/** The newest task of a person whose request holds these words, once it has ended by itself. */
async function endOf(words: string): Promise<Task> {
  return observer.wait(
    `the task with ${words} has ended`,
    async (daemon) => {
      const tasks = await daemon.tasks.list({});
      const task = tasks.find(({ parentId, request }) => parentId === null && request.includes(words));
      return task && ["done", "failed", "cancelled"].includes(task.state) ? task : null;
    },
    90_000,
  );
}

async function everythingUp(): Promise<void> {
  await observer.wait("all services are up", async (daemon) => (await daemon.status.get()).healthy, 60_000);
}

/** Agents idle, services up, and each stored message once on the page that was open all the time. */
async function everythingAtRest(): Promise<void> {
  await everythingUp();
  await observer.wait(
    "all agents are idle",
    async (daemon) => (await daemon.status.get()).agents.every(({ state }) => state === "idle"),
    60_000,
  );
  const { messages } = await observer.ask((daemon) => daemon.chat.history({}));
  const stored = messages.filter(({ role }) => role !== "notice").map(({ text }) => plain(text));
  await expect.poll(() => messagesOn(page), { timeout: 30_000 }).toEqual(stored);
}
