import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentSocket, API_SOCKET } from "../../../contract/daemon-config.ts";
import { connectApp, connectConsole, createDaemon, type TestDaemon } from "../../support/daemon-process.ts";

let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await createDaemon();
});

afterAll(async () => {
  await daemon?.remove();
});

const run = (role: string) =>
  spawnSync(process.execPath, [daemon.config.bundle, role, "--config", daemon.configFile], { encoding: "utf8" });

const modeOf = (file: string): string => (statSync(path.join(daemon.config.runDir, file)).mode & 0o7777).toString(8);

test("lets only its group speak to a socket, and only the agent enter its folder", () => {
  expect(modeOf(API_SOCKET)).toBe("660");
  expect(modeOf(agentSocket("code"))).toBe("660");
  expect(modeOf(path.dirname(agentSocket("code")))).toBe("700");
});

test("refuses to start beside a daemon that is alive, which works on", async () => {
  const second = run("serve");
  expect(second.status).toBe(1);
  expect(second.stderr).toContain("daemon.unhealthy: Another daemon answers on");
  const app = await connectApp(daemon);
  expect((await app.client.status.get()).services).toContainEqual({ name: "postgres", state: "up", detail: "18.4" });
  app.close();
});

test("refuses an agent on another agent's socket, and another agent's turn", async () => {
  const code = await connectConsole(daemon, "code");
  await expect(code.client.orders({ agent: "supervisor", pid: 1 })).rejects.toMatchObject({
    data: { code: "app.bad_input" },
  });
  await expect(code.client.journal.read({ turnId: "task_x.1" })).rejects.toMatchObject({
    data: { code: "app.not_found" },
  });
  code.close();
});

test("tells its health as one line of JSON, and what is missing by its exit code", () => {
  const { status, stdout } = run("health");
  expect({ status, healthy: (JSON.parse(stdout) as { healthy: boolean }).healthy }).toEqual({
    status: 1,
    healthy: false,
  });
});

test("says what is wrong with a request in words for people", async () => {
  const app = await connectApp(daemon);
  const error = { defined: true, code: "APP_ERROR", data: { code: "app.bad_input" } };
  await expect(app.client.chat.send({ id: "short", text: "hi" })).rejects.toMatchObject(error);
  await expect(app.client.tasks.show({ id: "none" })).rejects.toMatchObject({
    data: { message: "There is no task none" },
  });
  app.close();
});
