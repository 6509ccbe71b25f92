import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditRecord } from "../../../contract/audit.ts";
import { API_SOCKET } from "../../../contract/daemon-config.ts";
import { connectApp, createDaemon, type TestDaemon } from "../../support/daemon-process.ts";
import { until } from "../../support/start-program.ts";

const KEY = "sk-ant-canary-5520";
let daemon: TestDaemon;
let credentials: string;

beforeAll(async () => {
  credentials = mkdtempSync(path.join(tmpdir(), "credentials-"));
  writeFileSync(path.join(credentials, "anthropic-key"), `${KEY}\n`);
  process.env["CREDENTIALS_DIRECTORY"] = credentials;
  daemon = await createDaemon();
});
afterAll(async () => {
  delete process.env["CREDENTIALS_DIRECTORY"];
  await daemon?.remove();
  rmSync(credentials, { recursive: true });
});

async function records(kind: AuditRecord["kind"]): Promise<readonly Record<string, unknown>[]> {
  const app = await connectApp(daemon);
  try {
    const { records: found } = await app.client.audit.list({ kind });
    return found.map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);
  } finally {
    app.close();
  }
}

async function connectAs(name: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws+unix://${path.join(daemon.config.runDir, API_SOCKET)}:/`, {
    headers: { "user-agent": name },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return socket;
}

test("an app's connection is on record when it opens and when it closes, under the name it gave", async () => {
  const socket = await connectAs("ai-infrastructure/9.9.9 (anna@laptop)");
  const app = "ai-infrastructure/9.9.9 (anna@laptop)";
  const ours = async () => (await records("login")).filter((detail) => detail["app"] === app);
  const [opened] = await until("it is open", async () => ((list) => list.length === 1 && list)(await ours()));
  expect(opened).toEqual({ state: "opened", app, connection: expect.any(String) });
  socket.terminate();
  const [closed] = await until("it is closed", async () => ((list) => list.length === 2 && list)(await ours()));
  expect(closed).toEqual({ state: "closed", app, connection: opened?.["connection"], seconds: expect.any(Number) });
});

test("connections that end with the daemon are on record too", async () => {
  const app = "ended with the daemon";
  await connectAs(app);
  await daemon.kill("SIGTERM");
  await daemon.start();
  const ours = (await records("login")).filter((detail) => detail["app"] === app);
  expect(ours.map(({ state }) => state)).toEqual(["closed", "opened"]);
});

test("a credential that is read at start is on record by its name, never by its value", async () => {
  const reads = await records("secret_read");
  expect(reads[0]).toEqual({ name: "anthropic-key", by: "daemon", when: "start" });
  expect(JSON.stringify(reads)).not.toContain(KEY);
});
