import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { BrokerReply } from "../../../contract/broker.ts";
import type { RootRecord, TicketRequest } from "../../../contract/broker-desk.ts";
import { UNITS_ANYWHERE } from "../../../contract/broker-policy.ts";
import { AppError } from "../../../contract/errors.ts";
import type { Caller } from "../../../server-agent/broker/caller.ts";
import type { TicketAnswer } from "../../../server-agent/broker/desk.ts";
import { handleRequest } from "../../../server-agent/broker/handle-request.ts";
import type { Argv, Programs } from "../../../server-agent/broker/programs.ts";
import { openSnapshots } from "../../../server-agent/broker/snapshots.ts";
import { rootLosses } from "../../../server-agent/policy/root-losses.ts";
import { actionHash } from "../../../server-agent/platform/action-hash.ts";

const INFRA: Caller = { kind: "agent", agent: "infra", level: 2 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "broker-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Settings {
  readonly caller?: Caller;
  readonly ticket?: TicketAnswer;
  /** What programs print; a failing one throws. */
  readonly run?: (argv: Argv) => string;
}

/** The broker with programs that only say that they were run. */
function openBroker({ caller = INFRA, ticket, run = () => "" }: Settings = {}) {
  const seen = {
    ran: [] as string[],
    replies: [] as BrokerReply[],
    records: [] as Omit<RootRecord, "ask">[],
    tickets: [] as Omit<TicketRequest, "ask">[],
  };
  const stopped = new AbortController();
  const start = async (argv: Argv): Promise<string> => {
    seen.ran.push(argv.join(" "));
    return await Promise.resolve(run(argv));
  };
  const programs: Programs = {
    run: async (argv) => void (await start(argv)),
    ask: start,
    asService: async (argv) => void (await start(argv)),
  };
  const parts = {
    peer: { pid: 1, uid: 991 },
    caller,
    signal: stopped.signal,
    reply: (reply: BrokerReply) => void seen.replies.push(reply),
    trail: async (record: Omit<RootRecord, "ask">) => void (await Promise.resolve(seen.records.push(record))),
    tickets: {
      async consume(request: Omit<TicketRequest, "ask">): Promise<TicketAnswer> {
        seen.tickets.push(request);
        return await Promise.resolve(ticket ?? { answer: "refused", reason: "nobody allowed it" });
      },
    },
    bench: {
      programs,
      snapshots: openSnapshots(folder),
      ownedCopies: openSnapshots(path.join(folder, "owned")),
      ownersOf: async () => await Promise.resolve({ uid: 1, gids: [1] }),
      units: UNITS_ANYWHERE,
      lossesOf: (argv: readonly string[]) => rootLosses(argv, "/workspace"),
      ownProgram: ["daemon"] as const,
      workFolder: folder,
      composeFolder: folder,
      nginxFolder: folder,
      agentIds: async () => await Promise.resolve("1:1"),
      onOutput: () => undefined,
      onProgress: () => undefined,
    },
  };
  const send = async (request: unknown) => await handleRequest(JSON.stringify(request), parts);
  return { send, stop: () => stopped.abort(), seen };
}

const systemd = (action: string, unit = "nginx") => ({
  agent: "infra",
  call: { tool: "systemd", input: { action, unit } },
});
const ALLOWED: TicketAnswer = { answer: "ok", taskId: "task-1" };

it("asks the daemon for exactly what came, and does it", async () => {
  const { send, seen } = openBroker({ ticket: ALLOWED, run: () => "ActiveState=active" });
  await send(systemd("restart"));
  const hash = actionHash({ agent: "infra", tool: "systemd", input: { action: "restart", unit: "nginx" } });
  expect(seen.tickets).toEqual([{ agent: "infra", hash, needs: "permission" }]);
  expect(seen.ran[0]).toBe("systemctl restart -- nginx.service");
  expect(seen.replies.map(({ type }) => type)).toEqual(["accepted", "done"]);
  expect(seen.records.map(({ detail, taskId }) => [detail["state"], taskId])).toEqual([
    ["started", "task-1"],
    ["done", "task-1"],
  ]);
});

it("runs nothing without a permission, and tells the trail", async () => {
  const { send, seen } = openBroker();
  await send(systemd("restart"));
  expect(seen.ran).toEqual([]);
  expect(seen.replies.at(-1)).toMatchObject({ type: "failed", error: { code: "broker.not_allowed_yet" } });
  expect(seen.records).toMatchObject([{ kind: "root_action", agent: "infra", detail: { state: "refused" } }]);
});

it("asks for no permission for what is refused anyway", async () => {
  const { send, seen } = openBroker({ ticket: ALLOWED });
  await send(systemd("restart", "ssh"));
  expect([seen.tickets, seen.ran]).toEqual([[], []]);
  expect(seen.replies).toMatchObject([{ type: "failed", error: { code: "broker.refused" } }]);
});

it.each([
  ["a stranger", { kind: "stranger" } as const],
  ["an agent of level 1", { kind: "agent", agent: "code", level: 1 } as const],
  ["another agent", { kind: "agent", agent: "supervisor", level: 3 } as const],
  ["the daemon", { kind: "operator" } as const],
])("refuses what infra may do to %s", async (_who, caller) => {
  const { send, seen } = openBroker({ caller, ticket: ALLOWED });
  await send(systemd("status"));
  expect(seen.ran).toEqual([]);
  expect(seen.replies).toMatchObject([{ type: "failed", error: { code: "broker.refused" } }]);
});

it("keeps what is there before it destroys, and destroys nothing when that fails", async () => {
  const state = "ActiveState=active\nUnitFileState=enabled";
  const fine = openBroker({ ticket: ALLOWED, run: () => state });
  await fine.send(systemd("stop"));
  expect(readdirSync(folder)).toHaveLength(1);
  expect(fine.seen.records.map(({ kind }) => kind)).toEqual(["root_action", "snapshot_taken", "root_action"]);
  const broken = openBroker({
    ticket: ALLOWED,
    run(argv) {
      if (argv[1] === "show") throw new AppError("broker.failed", "no answer");
      return "";
    },
  });
  await broken.send(systemd("stop"));
  expect(broken.seen.ran.filter((words) => words.includes("stop"))).toEqual([]);
  expect(broken.seen.replies.at(-1)).toMatchObject({ type: "failed" });
  expect(readdirSync(folder)).toHaveLength(1);
});

it("puts back what it kept", async () => {
  const stopping = openBroker({ ticket: ALLOWED, run: () => "ActiveState=active\nUnitFileState=disabled" });
  await stopping.send(systemd("stop"));
  const [id] = readdirSync(folder);
  const person = openBroker({ caller: { kind: "operator" } });
  await person.send({ agent: null, call: { tool: "snapshots", input: { request: { action: "restore", id } } } });
  expect(person.seen.tickets).toEqual([]);
  expect(person.seen.ran).toEqual(["systemctl disable -- nginx.service", "systemctl start -- nginx.service"]);
  expect(person.seen.records.map(({ kind, agent }) => [kind, agent])).toEqual([
    ["snapshot_restored", null],
    ["snapshot_restored", null],
  ]);
});

it("keeps what a command as root writes over, and runs it only then", async () => {
  const place = { folder: "/etc", name: "motd", inode: 1, uid: 0, gid: 0 };
  let ordered: unknown;
  const { send, seen } = openBroker({
    caller: { kind: "agent", agent: "supervisor", level: 3 },
    ticket: ALLOWED,
    run([, role, verb, snapshot = ""]) {
      if (role !== "root-copies" || verb !== "keep") return "";
      ordered = JSON.parse(readFileSync(path.join(snapshot, "losses.json"), "utf8"));
      writeFileSync(
        path.join(snapshot, "copies.json"),
        JSON.stringify({ kind: "copies", files: [place], databases: [] }),
      );
      return "";
    },
  });
  const argv = ["cp", "-T", "/srv/motd", "/etc/motd"];
  await send({ agent: "supervisor", call: { tool: "run_as_root", input: { argv, reason: "" } } });
  expect(ordered).toMatchObject({ files: [], overwritten: ["/etc/motd"] });
  expect(seen.ran).toEqual([expect.stringContaining("daemon root-copies keep "), argv.join(" ")]);
  expect(seen.records.map(({ kind }) => kind)).toEqual(["root_action", "snapshot_taken", "root_action"]);
  const [id = ""] = readdirSync(folder);
  expect(await openSnapshots(folder).read(id)).toMatchObject({ kept: { files: [place] }, action: argv.join(" ") });
});

it.each([
  ["the infra agent", INFRA, "infra"],
  ["the supervisor", { kind: "agent", agent: "supervisor", level: 3 } as const, "supervisor"],
])("copies nothing as root, and puts nothing back, because %s asks for it", async (_who, caller, agent) => {
  const { send, seen } = openBroker({ caller, ticket: ALLOWED });
  const keep = { action: "keep", of: "s1", agent, files: ["/etc"], repositories: [] };
  for (const request of [keep, { action: "restore", of: "s1" }])
    await send({ agent, call: { tool: "owned_copies", input: { request } } });
  expect([seen.ran, seen.tickets]).toEqual([[], []]);
  expect(seen.replies).toMatchObject([
    { type: "failed", error: { code: "broker.refused" } },
    { type: "failed", error: { code: "broker.refused" } },
  ]);
});

it("does not begin when the caller has gone meanwhile", async () => {
  const { send, stop, seen } = openBroker({ ticket: ALLOWED });
  stop();
  await send(systemd("restart"));
  expect(seen.ran).toEqual([]);
  expect(seen.replies.at(-1)).toMatchObject({ type: "failed", error: { code: "app.cancelled" } });
});

it("refuses a site with a forbidden directive before it asks", async () => {
  const { send, seen } = openBroker({ ticket: ALLOWED });
  writeFileSync(path.join(folder, "nginx.conf"), "");
  const request = { action: "write_site", name: "shop", text: "include /etc/shadow;" };
  await send({ agent: "infra", call: { tool: "nginx", input: { request } } });
  expect(seen.tickets).toEqual([]);
  expect(seen.replies).toMatchObject([{ type: "failed", error: { code: "broker.refused" } }]);
});
