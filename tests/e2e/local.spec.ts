import { expect, test } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { LOCAL_SERVER_ID } from "../../contract/servers.ts";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";
import { bundleLocalTeam } from "../../scripts/bundle-local-team.mjs";
import { bundleMemoryModel } from "../../scripts/bundle-memory-model.mjs";
import { createHost, type Host } from "../../src-main/app.ts";
import { createLocal } from "../../src-main/local/create-local.ts";
import type { Places } from "../../src-main/local/places.ts";
import { readTeam } from "../../src-main/local/read-team.ts";
import { pidOf, processesOf } from "../src-main/local/local-team.ts";
import { createCli } from "../support/cli.ts";
import { ask, daemonOf, terminalOf } from "../support/host-session.ts";
import { ORDINARY_USER, runAsOrdinaryUser } from "../support/ordinary-user.ts";
import { openPage } from "../support/page-session.ts";

let folder: string;
let host: Host;

test.beforeEach(async () => {
  folder = mkdtempSync("/tmp/local-e2e-");
  spawnSync("chmod", ["755", folder]);
  await Promise.all([
    bundleDaemon(path.join(folder, "daemon.mjs")),
    bundleLocalTeam(path.join(folder, "local-team.mjs")),
    bundleMemoryModel(path.join(folder, "memory-model")),
  ]);
  host = await createHost(parts());
});

test.afterEach(async () => {
  const { places } = createLocal(parts());
  await host.client.local.stop();
  await host.close();
  for (const left of [folder, places.root]) rmSync(left, { recursive: true, force: true });
});

function parts() {
  const artifacts = {
    node: path.join(import.meta.dirname, "../../node_modules/node/bin/node"),
    daemon: path.join(folder, "daemon.mjs"),
    memoryModel: path.join(folder, "memory-model"),
    team: path.join(folder, "local-team.mjs"),
    version: "0.0.1",
  };
  return { home: path.join(folder, "home"), shell: "cli" as const, artifacts, log: () => undefined };
}

test("answers a chat, shows the work in a terminal, and survives kill -9 of every part", async () => {
  const { places } = createLocal(parts());
  expect(await host.client.local.start({})).toMatchObject({ state: "running", model: "simulated" });

  const first = await ask(daemonOf(host, LOCAL_SERVER_ID), 'ask code to write hello.txt with "good day"');
  expect(first).toMatchObject({ state: "done", simulated: true });
  expect(readFileSync(path.join(places.workspace, "hello.txt"), "utf8")).toContain("good day");

  const terminal = terminalOf(host, LOCAL_SERVER_ID, "supervisor");
  await expect.poll(() => terminal.screen()).toContain("hello.txt");
  terminal.type("list the files\r");
  await expect.poll(() => afterLast(terminal.screen(), "list the files")).toContain("hello.txt");

  for (const name of ["postgres", "redis", "daemon", "tmux"] as const) {
    const killed = pidOf({ places }, name);
    process.kill(killed, "SIGKILL");
    await expect.poll(() => pidOf({ places }, name)).not.toBe(killed);
    await expect.poll(() => answerOf(`run echo back after ${name}`), { timeout: 30_000 }).toBe("done");
  }

  const killed = consoleOf(places);
  process.kill(killed, "SIGKILL");
  await expect.poll(() => [0, killed].includes(consoleOf(places))).toBe(false);
  expect(await answerOf("run echo back after a console")).toBe("done");

  expect(await host.client.local.stop()).toEqual({ state: "stopped" });
  expect(processesOf({ places })).toEqual([]);
  expect(readdirSync(places.run)).toEqual([]);
});

test("comes back by itself when the supervisor of the team was killed while the app is open", async () => {
  const { places } = createLocal(parts());
  await host.client.local.start({});
  await expect.poll(() => answerOf("run echo before")).toBe("done");

  const killed = readTeam(places)?.supervisor.pid ?? 0;
  process.kill(killed, "SIGKILL");

  await expect.poll(() => readTeam(places)?.supervisor.pid).not.toBe(killed);
  await expect.poll(() => answerOf("run echo after"), { timeout: 30_000 }).toBe("done");
});

test("a supervisor killed with no app open is told by the command line, and by the page that replaces it", async ({
  browser,
}) => {
  const { home } = parts();
  const cli = createCli(home);
  const { places } = createLocal(parts());
  expect(await cli(["local", "start"])).toMatchObject({ exitCode: 0, result: { state: "running" } });
  process.kill(readTeam(places)?.supervisor.pid ?? 0, "SIGKILL");

  await expect.poll(async () => (await cli(["local", "status"])).result).toEqual({ ok: true, state: "unsupervised" });
  expect((await cli(["local", "status"])).exitCode).toBe(3);
  const session = await openPage(browser, home);
  const { page } = session;
  try {
    await expect(page.getByRole("banner").getByText(/^Connected/)).toBeVisible({ timeout: 60_000 });
    expect((await session.statuses()).join("\n")).toContain("The team's supervisor was killed; a new one takes over");
  } finally {
    await session.close();
  }
  expect((await cli(["chat", "run echo back"])).result["text"]).toContain("back");
});

test("the command line tells what was spent and sets budgets, for which work rests and goes on", async () => {
  const cli = createCli(parts().home);
  await cli(["local", "start"]);
  expect((await cli(["chat", "run echo counted", "--agent", "code"])).exitCode).toBe(0);
  const spent = (await cli(["spend", "--days", "1"])).result;
  expect(spent).toMatchObject({ ok: true, todayUsd: 0, days: [{ agent: "code", usd: 0, requests: 2, simulated: 2 }] });

  expect((await cli(["budget", "set", "code", "0"])).result).toMatchObject({ budgets: [{ name: "code", usd: 0 }] });
  const resting = cli(["chat", "run echo later", "--agent", "code"]);
  await expect
    .poll(async () => JSON.stringify((await cli(["tasks"])).result), { timeout: 30_000 })
    .toContain("model.budget_spent");
  expect((await cli(["budget", "remove", "code"])).result).toEqual({ ok: true, budgets: [] });
  expect((await resting).result["text"]).toContain("later");

  expect(await cli(["budget", "set", "nobody", "1"])).toMatchObject({
    exitCode: 2,
    result: { code: "app.bad_input", message: "There is no budget for nobody" },
  });
});

test("answers a chat for an ordinary user", () => {
  test.skip(process.getuid?.() !== 0, "only root can become another user");
  const [home, repository] = [path.join(folder, "nobody"), path.join(folder, "repository")];
  for (const each of [home, repository]) mkdirSync(each);
  chownSync(home, ORDINARY_USER, ORDINARY_USER);
  const script = path.join(import.meta.dirname, "../support/local-chat.ts");

  const { stdout, stderr } = runAsOrdinaryUser(repository, [process.execPath, script, home, folder]);

  expect({ answer: JSON.parse(stdout || "null"), stderr }).toMatchObject({
    answer: { state: "done", simulated: true },
  });
  expect(processesOf({ places: { root: home, run: home } as Places })).toEqual([]);
  rmdirSync(repository);
});

function afterLast(text: string, mark: string): string {
  return text.slice(text.lastIndexOf(mark) + mark.length);
}

/** Null while the daemon is away; then the task is sent again, as a new one. */
async function answerOf(text: string): Promise<string | null> {
  try {
    return (await ask(daemonOf(host, LOCAL_SERVER_ID), text)).state;
  } catch {
    return null;
  }
}

function consoleOf(places: Places): number {
  return processesOf({ places }).find((pid) => argumentsOf(pid).includes("\0agent\0supervisor\0")) ?? 0;
}

/** Nothing for a process that has ended meanwhile. */
function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
