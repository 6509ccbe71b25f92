import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Leader } from "../../provisioning/commands/lead.ts";
import { createLead } from "../../provisioning/lead.ts";
import type { Command, Shell } from "../../provisioning/shell.ts";
import type { NewRunEvent } from "../../provisioning/step-reports.ts";
import { watchLeader } from "../../provisioning/watch-leader.ts";
import { run } from "../support/lab-server-run.ts";
import { until } from "../support/start-program.ts";
import { standInShell } from "./server-stand-in.ts";

const parent = mkdtempSync(path.join(tmpdir(), "lead-"));
const clients: AbortController[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.abort()));
afterAll(() => rmSync(parent, { recursive: true }));

/** A client of the one server of a test, whose scripts run for real, without root. */
function client(folder: string, who: string, kind: Leader["kind"] = "apply") {
  const alive = new AbortController();
  clients.push(alive);
  const shell: Shell = {
    ...standInShell(),
    run: ({ argv, input }: Command) => run(argv, { input }),
  };
  const leader: Leader = { id: who, kind, since: "2026-11-28T08:00:00.000Z", who: `${who}@laptop` };
  const place = { folder, leaseSeconds: 2 };
  const reach = { connect: async () => shell, signal: alive.signal };
  const events: NewRunEvent[] = [];
  const watch = (other: Leader) =>
    watchLeader({ ...reach, place, serverId: who, emit: (event) => events.push(event) }, other);
  return { lead: createLead({ ...reach, leader, place }), leader, events, watch, die: () => alive.abort() };
}

const freshServer = () => path.join(mkdtempSync(path.join(parent, "server-")), "run");
const said = (line: string): NewRunEvent => ({ type: "step_log", id: "packages", line });
const RESULT = { ok: true, changed: 3, steps: [] };

test("one of two clients leads, and the other is told who, and sees each event once, up to the result", async () => {
  const server = freshServer();
  const [ann, bob] = [client(server, "ann"), client(server, "bob")];
  expect(await ann.lead.take()).toBeNull();
  expect(await bob.lead.take()).toEqual(ann.leader);

  ann.lead.keepBeating();
  ann.lead.tell(said("Größe 1"));
  const watched = bob.watch(ann.leader);
  await until("bob saw the first line", () => bob.events.length === 1);
  ann.lead.tell(said("2"));
  ann.lead.tell(said("3"));
  await ann.lead.release(RESULT);

  expect(await watched).toEqual(RESULT);
  expect(bob.events).toEqual([said("Größe 1"), said("2"), said("3")]);
  expect(await bob.lead.take()).toBeNull();
});

test("of two clients that come at the same time one leads", async () => {
  const server = freshServer();
  const four = ["ann", "bob", "eve", "kim"].map((who) => client(server, who));
  const answers = await Promise.all(four.map(({ lead }) => lead.take()));
  expect(answers.filter((answer) => answer === null)).toHaveLength(1);
});

test("the lead of a client that died is taken over, and when that one comes back it may change nothing more", async () => {
  const server = freshServer();
  const [ann, bob] = [client(server, "ann"), client(server, "bob")];
  await ann.lead.take();
  expect(await bob.watch(ann.leader)).toBeNull();
  expect(await bob.lead.take()).toBeNull();

  await expect(ann.lead.reach.connect(new AbortController().signal)).rejects.toMatchObject({ code: "app.cancelled" });
  expect({ isLost: ann.lead.isLost(), mayGoOn: !ann.lead.reach.signal.aborted }).toEqual({
    isLost: true,
    mayGoOn: false,
  });
  await ann.lead.release(RESULT);
  expect(readFileSync(path.join(server, "leader"), "utf8")).toContain("bob@laptop");
  expect(await ann.lead.take()).toEqual(bob.leader);
});

test("a leader that says nothing of its work but lives keeps the lead", async () => {
  const server = freshServer();
  const [ann, bob] = [client(server, "ann"), client(server, "bob")];
  await ann.lead.take();
  ann.lead.keepBeating();
  await new Promise((resolve) => setTimeout(resolve, 3500));
  expect(await bob.lead.take()).toEqual(ann.leader);
});
