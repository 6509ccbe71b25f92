import { emptyMemory } from "../../support/login-memory.ts";
import { spawn } from "node:child_process";
import { chownSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { MEMORY_MODEL_FILES } from "../../../contract/memory-model.ts";
import type { Local } from "../../../src-main/local/create-local.ts";
import { createLocalConnector } from "../../../src-main/local/local-connector.ts";
import { readTeam } from "../../../src-main/local/read-team.ts";
import { quickestMs } from "../../support/quickest.ts";
import { askDaemon, newLocal, pidOf, processesAt, processesOf, sql, talk, uidOf, until } from "./local-team.ts";

let team: Awaited<ReturnType<typeof newLocal>>;

afterEach(() => team.remove());

test("two starts from two programs at once are one team, and the second start of a running one is quick", async () => {
  team = await newLocal();
  await Promise.all([team.local.start(), team.open().start()]);
  const supervisors = processesOf(team.local).filter((pid) => pid === readTeam(team.local.places)?.supervisor.pid);

  const quickest = await quickestMs(300, async () =>
    expect(await team.open().start()).toMatchObject({ state: "running" }),
  );

  expect(supervisors.length).toBe(1);
  expect(quickest).toBeLessThan(300);
});

test("nothing of the team runs as root and nothing listens on a port; the daemon reads the model of the memory", async () => {
  team = await newLocal();
  await team.local.start();

  expect(processesOf(team.local).filter((pid) => uidOf(pid) === 0)).toEqual([]);
  const { readable } = await askDaemon(team.local);
  expect(readable).toEqual(expect.arrayContaining([...MEMORY_MODEL_FILES]));
  expect(sql(team.local, "show listen_addresses")).toBe("");
  expect(await talk(path.join(team.local.places.run, "redis.sock"), "CONFIG GET port\r\n")).toContain("\r\n0\r\n");
});

test("PostgreSQL, Redis, the daemon and tmux come back after kill -9, with what was stored", async () => {
  team = await newLocal();
  const { local } = team;
  const redis = path.join(local.places.run, "redis.sock");
  await local.start();
  sql(local, "create table kept (n int); insert into kept values (7)");
  await talk(redis, "XADD kept * n 7\r\nWAITAOF 1 0 2000\r\n");
  const killed = (["postgres", "redis", "daemon", "tmux"] as const).map((name) => [name, pidOf(local, name)] as const);

  for (const [, pid] of killed) process.kill(pid, "SIGKILL");

  for (const [name, pid] of killed)
    await until(
      () => pidOf(local, name),
      (found) => found !== pid,
    );
  expect(
    await until(
      () => sql(local, "select n from kept"),
      () => true,
    ),
  ).toBe("7");
  expect(
    await until(
      () => talk(redis, "XLEN kept\r\n"),
      (answer) => answer.startsWith(":"),
    ),
  ).toBe(":1\r\n");
  expect(
    await until(
      () => askDaemon(local),
      () => true,
    ),
  ).toMatchObject({ model: "simulated" });
});

test("a team whose supervisor was killed goes on and is told as such; the next start says so and takes it over", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  const [supervisor, postgres, tmux] = [
    readTeam(local.places)?.supervisor.pid ?? 0,
    pidOf(local, "postgres"),
    pidOf(local, "tmux"),
  ];
  process.kill(supervisor, "SIGKILL");
  await until(
    () => local.status(),
    ({ state }) => state === "unsupervised",
  );

  expect(await askDaemon(local)).toMatchObject({ model: "simulated" });
  expect(team.said.join()).not.toContain("killed");

  const start = local.start();
  await until(
    () => local.status(),
    (state) => state.state === "starting" && state.doing.startsWith("The team's supervisor was killed"),
  );
  await start;

  expect(team.said).toContain("The team's supervisor was killed; a new one takes over");
  expect(pidOf(local, "postgres")).not.toBe(postgres);
  expect(pidOf(local, "tmux")).toBe(tmux);
  expect(processesOf(local)).not.toContain(postgres);
});

test("a team of which nothing is left, as after a reboot, is stopped", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  process.kill(readTeam(local.places)?.supervisor.pid ?? 0, "SIGKILL");
  for (const name of ["daemon", "tmux", "redis", "postgres"] as const) process.kill(pidOf(local, name), "SIGKILL");

  await until(
    () => local.status(),
    ({ state }) => state === "stopped",
  );
  expect(local.isWanted()).toBe(true);
});

test("a stop ends every process and removes every socket, also when the supervisor was killed before", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  process.kill(readTeam(local.places)?.supervisor.pid ?? 0, "SIGKILL");
  await until(
    () => local.status(),
    ({ state }) => state === "unsupervised",
  );

  expect(await local.stop()).toEqual({ state: "stopped" });

  expect(processesOf(local)).toEqual([]);
  expect(readdirSync(local.places.run)).toEqual([]);
});

test("another model or a model key restarts the daemon alone, and the key is for the team's user only", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  const postgres = pidOf(local, "postgres");
  expect(await askDaemon(local)).toMatchObject({ model: "simulated", hasKey: false });

  await local.start({ model: "anthropic" });
  await local.setModelKey({ key: "not-a-real-key" });

  expect(await askDaemon(local)).toMatchObject({ model: "anthropic", hasKey: true });
  expect(pidOf(local, "postgres")).toBe(postgres);
  const key = statSync(path.join(local.places.credentials, "anthropic-key"));
  expect({ mode: key.mode & 0o777, uid: key.uid }).toEqual({ mode: 0o600, uid: uidOf(postgres) });
});

test("another version of the programs replaces the running one and keeps the data", async () => {
  team = await newLocal();
  await team.local.start();
  sql(team.local, "create table kept (n int); insert into kept values (7)");
  const daemon = pidOf(team.local, "daemon");

  await team.open("0.0.1").start();

  expect(pidOf(team.local, "daemon")).not.toBe(daemon);
  expect(sql(team.local, "select n from kept")).toBe("7");
  expect(readdirSync(team.local.places.runtime).map((name) => name.split("-")[0])).toEqual(["0.0.1"]);
});

test("a start after a kill in the middle of making the database ends what goes on making it", async () => {
  team = await newLocal();
  const { local } = team;
  const interrupted = local.start().catch(() => "interrupted");
  const makers = await until(
    () => makersOf(local),
    (pids) => pids.length > 0,
  );
  // Stands still, so that it surely goes on after its supervisor.
  for (const pid of makers) process.kill(pid, "SIGSTOP");
  process.kill(readTeam(local.places)?.supervisor.pid ?? 0, "SIGKILL");
  expect(await interrupted).toBe("interrupted");

  expect(await local.start()).toMatchObject({ state: "running" });

  expect(makersOf(local)).toEqual([]);
  expect(sql(local, "select 1")).toBe("1");
  expect(readdirSync(local.places.postgres)).toEqual(["data"]);
});

/** Programs at work on a database that is not in its place yet. */
function makersOf({ places }: Pick<Local, "places">): readonly number[] {
  return processesAt(path.join(places.postgres, "new-"));
}

test("a start after a stop that is still going on waits for its end", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  const stopping = team.open().stop();
  await until(
    () => readTeam(local.places)?.report.state,
    (state) => state === "stopping",
  );

  expect(await local.start()).toMatchObject({ state: "running" });

  await stopping;
});

test("PostgreSQL starts although another program has the process number it once had, as after a reboot", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  const { uid, gid } = statSync(local.places.state);
  await local.stop();
  const other = spawn("sleep", ["120"], { uid, gid });
  const pidFile = path.join(local.places.postgres, "data", "postmaster.pid");
  const lines = [other.pid, path.dirname(pidFile), 1, 5432, local.places.run, "", 0, "ready"];
  writeFileSync(pidFile, `${lines.join("\n")}\n`);
  chownSync(pidFile, uid, gid);

  expect(await local.start()).toMatchObject({ state: "running" });

  expect(sql(local, "select 1")).toBe("1");
  expect(other.kill()).toBe(true);
});

test("the link starts a team that should run and carries a terminal in which typing is answered", async () => {
  team = await newLocal();
  const { local } = team;
  await local.start();
  process.kill(readTeam(local.places)?.supervisor.pid ?? 0, "SIGKILL");
  await until(
    () => local.status(),
    ({ state }) => state === "unsupervised",
  );
  const request = { server: { id: "local", name: "x", place: { kind: "local" }, provisioned: null } } as const;
  const link = await createLocalConnector(local).connect({
    ...request,
    signal: AbortSignal.timeout(60_000),
    ask: () => Promise.reject(new Error("not asked")),
    sudoPassword: () => undefined,
    ...emptyMemory,
    jump: emptyMemory,
  });

  const terminal = await link.openTerminal("code", { columns: 80, rows: 20 });
  let screen = "";
  terminal.onData((bytes) => (screen += Buffer.from(bytes).toString()));
  terminal.write(Buffer.from("gruß\r"));

  await until(
    () => screen,
    (seen) => seen.split("gruß").length > 2,
  );
  terminal.close();
  expect(await link.ping()).toBeLessThan(100);
  await local.stop();
  expect(await link.closed).toMatchObject({ code: "daemon.unreachable" });
  expect(existsSync(path.join(local.places.run, "api.sock"))).toBe(false);
});
