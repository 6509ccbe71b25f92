import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { AuditAlarm, AuditVerdict } from "../../../contract/audit-check.ts";
import type { AuditHead } from "../../../contract/audit.ts";
import { API_SOCKET } from "../../../contract/daemon-config.ts";
import { createAudit } from "../../../src-main/audit/create-audit.ts";
import { createAppKeys } from "../../../src-main/servers/app-keys.ts";
import { createSecrets } from "../../../src-main/servers/secrets.ts";
import { serversFile } from "../../../src-main/servers/servers-file.ts";
import { openServers } from "../../../src-main/servers/servers.ts";
import { connectApp, createDaemon, type TestDaemon } from "../../support/daemon-process.ts";
import { forge, rewriteTrail } from "../../support/forge-trail.ts";
import { linksTo } from "../../support/ssh-link.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";
import { until } from "../../support/start-program.ts";

const ID = "s1";
let daemon: TestDaemon;
let sshd: Sshd;
let home: string;
let close: () => Promise<void> = async () => {};

beforeAll(async () => {
  [daemon, sshd] = await Promise.all([createDaemon(), startSshd()]);
});
afterAll(async () => {
  await sshd?.close();
  await daemon?.remove();
});
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-audit-"));
});
afterEach(async () => {
  await close();
  rmSync(home, { recursive: true });
});

/** A host that knows one server: a real sshd, and behind it a real daemon. Ends the host before it. */
async function startHost() {
  await close();
  const log: string[] = [];
  const connect = linksTo(sshd);
  const connector = {
    connect: async () => ({ ...(await connect()), daemonSocket: path.join(daemon.config.runDir, API_SOCKET) }),
  };
  const servers = await openServers({
    file: serversFile(home, () => {}),
    secrets: createSecrets(undefined),
    appKeys: createAppKeys(home, undefined),
    connectors: { ssh: connector, local: connector },
  });
  const address = { host: "127.0.0.1", port: sshd.port, user: sshd.user };
  const place = { kind: "ssh", address, auth: { kind: "key_file", path: sshd.key }, hostKey: null } as const;
  await servers.put({ id: ID, name: "lab", place, provisioned: { at: new Date().toISOString(), version: "0.0.1" } });
  const audit = createAudit({ home, servers, log: (line) => log.push(line), now: () => new Date() });
  close = async () => {
    close = async () => {};
    await audit.close();
    servers.close();
  };
  return { audit, servers, log, alarm: () => servers.list()[0]?.auditAlarm };
}
type TestHost = Awaited<ReturnType<typeof startHost>>;

/** What the host has kept, line by line. */
function kept(): object[] {
  try {
    const lines = readFileSync(path.join(home, "audit-heads", `${ID}.jsonl`), "utf8").trimEnd();
    return lines.split("\n").map((line) => JSON.parse(line) as object);
  } catch {
    return [];
  }
}

async function keptHead(): Promise<AuditHead> {
  const line = await until("a head is kept", () => kept().findLast((each) => "hash" in each) ?? null);
  return line as AuditHead;
}

/** Lets a host see the trail and go; returns the head it kept last. */
async function seeTrail(): Promise<AuditHead> {
  const { servers } = await startHost();
  servers.connect(ID);
  await keptHead();
  await say("something to remember");
  await close();
  return await keptHead();
}

async function say(text: string): Promise<void> {
  const app = await connectApp(daemon);
  await app.client.chat.send({ id: `message-${crypto.randomUUID()}`, text });
  app.close();
}

async function alarmOf({ servers }: TestHost): Promise<AuditAlarm> {
  for await (const [view] of servers.watch(AbortSignal.timeout(20_000))) if (view?.auditAlarm) return view.auditAlarm;
  throw new Error("There was no alarm");
}

async function verify({ audit }: TestHost): Promise<AuditVerdict> {
  let before = 0;
  for await (const event of audit.verify({ serverId: ID }, AbortSignal.timeout(30_000))) {
    if (event.type === "ended") return event.verdict;
    expect(event.checked).toBeGreaterThanOrEqual(before);
    before = event.checked;
  }
  throw new Error("The check did not end");
}

test("keeps the head as soon as a server is online, and once more before it leaves", async () => {
  const { servers } = await startHost();
  servers.connect(ID);
  const first = await keptHead();
  await say("one more record");
  await close();
  expect((await keptHead()).seq).toBeGreaterThan(first.seq);
});

test("a whole trail is verified against what was kept of it, and its end is kept in turn", async () => {
  const host = await startHost();
  host.servers.connect(ID);
  await keptHead();
  const { state, heads, records } = await verify(host);
  expect([state, heads]).toEqual(["intact", 1]);
  expect(kept().at(-1)).toMatchObject({ seq: records });
  expect(await verify(host)).toMatchObject({ state: "intact", heads: 2 });
});

test("a trail rewritten whole is told, over restarts and without the server, until a person acknowledges it", async () => {
  const head = await seeTrail();
  await rewriteTrail(daemon.postgres, (contents) =>
    contents.map((each) => (each.kind === "prompt" ? { ...each, detail: '{"text":"nothing"}' } : each)),
  );
  const host = await startHost();
  host.servers.connect(ID);
  const alarm = await alarmOf(host);
  expect(alarm.fault).toMatchObject({ kind: "rewritten", seq: head.seq, known: head });
  expect(host.log).toEqual([expect.stringContaining(`The audit trail of lab was changed: Record ${head.seq} is not`)]);

  const restarted = await startHost();
  expect(await alarmOf(restarted)).toEqual(alarm);
  expect(await verify(restarted)).toMatchObject({ state: "broken", sure: null, faults: [{ kind: "rewritten" }, {}] });

  await expect(restarted.audit.acknowledge({ serverId: ID, at: "2026-01-01T00:00:00.000Z" })).rejects.toThrow();
  await restarted.audit.acknowledge({ serverId: ID, at: alarm.at });
  expect(restarted.alarm()).toBeUndefined();
  expect(await verify(restarted)).toMatchObject({ state: "intact", heads: 0, restartedAt: expect.any(String) });
  expect((await startHost()).alarm()).toBeUndefined();
});

test("a tail that was cut, with the server's own head set back, is told", async () => {
  const head = await seeTrail();
  const left = await rewriteTrail(daemon.postgres, (contents) => contents.slice(0, 3));
  const host = await startHost();
  host.servers.connect(ID);
  const { fault } = await alarmOf(host);
  // Connecting puts records of its own on the trail, which does not make it the one that was seen.
  expect(fault).toMatchObject({ known: head });
  expect(fault.seq).toBeGreaterThanOrEqual(left.length);
  expect(head.seq).toBeGreaterThan(left.length);
});

test("an edit that leaves every hash as it was is found by verifying", async () => {
  const head = await seeTrail();
  await forge(daemon.postgres.config, `update audit set detail = '{"text":"forged"}' where seq = 2`);
  const host = await startHost();
  const fault = { kind: "changed", seq: 2, seenAt: expect.any(String) };
  expect(await verify(host)).toMatchObject({ state: "broken", faults: [fault], moreFaults: 0 });
  expect(host.alarm()?.fault).toMatchObject(fault);
  expect(head.seq).toBeGreaterThan(2);
});

test("a record taken out of the middle is missed by verifying", async () => {
  await seeTrail();
  await forge(daemon.postgres.config, "delete from audit where seq = 4");
  const { faults } = { faults: [], ...(await verify(await startHost())) };
  expect(faults).toContainEqual({ kind: "missing", seq: 4, to: 4, seenAt: expect.any(String) });
});

test("a check can be stopped, and a trail removed by us is another trail afterwards", async () => {
  const host = await startHost();
  host.servers.connect(ID);
  await keptHead();
  const stop = new AbortController();
  const checking = host.audit.verify({ serverId: ID }, stop.signal);
  await checking.next();
  stop.abort();
  await expect(checking.next()).rejects.toThrow();
  await rewriteTrail(daemon.postgres, () => []);
  await host.audit.forgetTrail(ID);
  expect(await verify(host)).toMatchObject({ state: "intact", heads: 0, restartedAt: expect.any(String) });
});
