import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CallRequest, CallVerdict } from "../../../contract/console-api.ts";
import { SNAPSHOT_LIMITS } from "../../../contract/daemon-config.ts";
import { answerApproval, listApprovals } from "../../../server-agent/approvals/approvals.ts";
import { listGrants, revokeGrant } from "../../../server-agent/approvals/grants.ts";
import { openCopyFolder } from "../../../server-agent/snapshots/copy-folder.ts";
import { NO_OWNED_COPIES } from "../../../server-agent/snapshots/owned-copies.ts";
import { snapshotFailed, snapshotTaken, type TakeParts } from "../../../server-agent/snapshots/take.ts";
import { insertTask } from "../../../server-agent/store/task-changes.ts";
import { beginCall, type Judgement } from "../../../server-agent/turns/begin-call.ts";
import { recordCall } from "../../../server-agent/turns/journal.ts";
import { query } from "../../support/postgres.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

const PUSH = { tool: "run_command", program: "rm", verb: "old" } as const;
const ASK: Judgement = { verdict: "ask", question: "It leaves the workspace", destructive: null };
let db: TestStore;
let folder: string;
let keeper: TakeParts;

beforeAll(async () => {
  db = await createStore();
  folder = mkdtempSync(path.join(tmpdir(), "copies-"));
  keeper = { store: db.store, copies: openCopyFolder(folder), limits: SNAPSHOT_LIMITS, owned: NO_OWNED_COPIES };
});
afterAll(async () => {
  await db?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A turn of code's, and the gate in front of its calls. */
async function openGate(judgement: Judgement) {
  const { store } = db;
  const id = randomUUID();
  const turnId = `${id}.1`;
  await store.change(async (tx, emit) => {
    await tx
      .insertInto("conversations")
      .values({ id: "gate" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await insertTask(tx, emit, { id, conversationId: "gate", agent: "code", origin: "person", request: "work" });
    await tx.insertInto("turns").values({ id: turnId, task_id: id, agent: "code", history: "[]" }).execute();
  });
  const from = { agent: "code", turnId } as const;
  const call = (input: unknown, callId = "call-1"): CallRequest => {
    return { callId, tool: "run_command", summary: "rm", input, hooksAsk: null };
  };
  const begin = async (request: CallRequest): Promise<CallVerdict> =>
    await beginCall(
      {
        store,
        judge: async () => await Promise.resolve(judgement),
        grantable: async () => await Promise.resolve([PUSH]),
        keeping: { workspace: "/workspace", maxBytes: 1024 },
        cancelTask: async () => await Promise.resolve(),
      },
      from,
      request,
    );
  const asked = async () => {
    const approval = (await listApprovals(store, undefined)).find(({ taskId }) => taskId === id);
    if (!approval) throw new Error("nobody was asked");
    return approval;
  };
  const answer = async (allow: boolean) => {
    const { id, hash } = await asked();
    return await answerApproval(store, { id, allow, hash });
  };
  const run = async (text: string) => await query(db.postgres.config, text);
  const end = async (callId: string) =>
    await recordCall(store, from, { callId, tool: "run_command", summary: "rm", state: "done", output: "gone" });
  return { taskId: id, call, begin, asked, answer, run, end };
}

const REMOVE = { command: "rm -rf /var/www/old" };

test("runs what the policy allows, and the same request again is the same permission", async () => {
  const { begin, call } = await openGate({ verdict: "allow" });
  expect([await begin(call(REMOVE)), await begin(call(REMOVE))]).toEqual([
    { verdict: "run", isFirst: true },
    { verdict: "run", isFirst: true },
  ]);
});

test("keeps the answer that wants a call with the decision on it, once, and not for a turn that has ended", async () => {
  const { begin, call, run, taskId } = await openGate({ verdict: "allow" });
  const wanted = { ...call(REMOVE), answer: { index: 0, kind: "assistant", message: "I remove it" } as const };
  const entries = async () =>
    await run(
      `select index, message from journal_entries join turns on turns.id = turn_id where task_id = '${taskId}'`,
    );
  await begin(wanted);
  await begin(wanted);
  expect(await entries()).toEqual([{ index: 0, message: "I remove it" }]);
  await run(`update turns set ended_at = now() where task_id = '${taskId}'`);
  await expect(begin({ ...wanted, answer: { ...wanted.answer, index: 1 } })).rejects.toMatchObject({
    code: "task.cancelled",
  });
  expect(await entries()).toHaveLength(1);
});

test("says whether the turn has done the same before, and so may be warned", async () => {
  const { begin, call, end } = await openGate({ verdict: "allow" });
  expect(await begin(call(REMOVE))).toEqual({ verdict: "run", isFirst: true });
  expect(await begin(call(REMOVE))).toEqual({ verdict: "run", isFirst: true });
  expect(await begin(call(REMOVE, "call-2"))).toEqual({ verdict: "run", isFirst: false });
  for (const callId of ["call-1", "call-2"]) expect(await end(callId)).toEqual({ output: "gone" });
  expect(await begin(call({ command: "ls" }, "call-3"))).toEqual({ verdict: "run", isFirst: true });
  await begin(call(REMOVE, "call-4"));
  expect((await end("call-4")).output).toContain("This exact call has given this exact result 3 times");
});

test("records what the policy forbids as failed, with the reason the model reads", async () => {
  const { begin, call, run, taskId } = await openGate({ verdict: "deny", reason: "no program" });
  expect(await begin(call(REMOVE))).toEqual({ verdict: "denied", reason: "Not allowed: no program" });
  expect(await run(`select state, output from calls where task_id = '${taskId}'`)).toEqual([
    { state: "failed", output: "Not allowed: no program" },
  ]);
});

test("lets an allowed action run once: not again, and not with another byte", async () => {
  const { begin, call, asked, answer, end } = await openGate(ASK);
  expect(await begin(call(REMOVE))).toEqual({ verdict: "ask", approvalId: (await asked()).id });
  await answer(true);
  expect(await begin(call({ command: "rm -rf /var/www/olD" }))).toMatchObject({ verdict: "ask" });
  expect(await begin(call(REMOVE))).toEqual({ verdict: "run", isFirst: true });
  await end("call-1");
  expect(await begin(call(REMOVE))).toMatchObject({
    verdict: "denied",
    reason: expect.stringContaining("used already"),
  });
  expect(await begin(call(REMOVE, "call-2"))).toMatchObject({ verdict: "ask" });
});

test("refuses an answer that was given to another action, and a second answer that differs", async () => {
  const { begin, call, asked, answer } = await openGate(ASK);
  await begin(call(REMOVE));
  const { id, hash } = await asked();
  const other = `${hash?.slice(0, -1)}${hash?.endsWith("0") ? "1" : "0"}`;
  const { store } = db;
  await expect(answerApproval(store, { id, allow: true, hash: other })).rejects.toThrow("to another action");
  await expect(answerApproval(store, { id, allow: true, hash: null })).rejects.toThrow("to another action");
  await answer(false);
  await expect(answer(true)).rejects.toThrow("already denied");
  expect(await begin(call(REMOVE))).toMatchObject({ verdict: "denied" });
});

test("takes no answer after the question has expired, nor uses one that has", async () => {
  const late = await openGate(ASK);
  await late.begin(late.call(REMOVE));
  await late.run(`update approvals set expires_at = now() - interval '1 second' where task_id = '${late.taskId}'`);
  await expect(late.answer(true)).rejects.toThrow("already expired");
  const unused = await openGate(ASK);
  await unused.begin(unused.call(REMOVE));
  await unused.answer(true);
  await unused.run(`update approvals set expires_at = now() - interval '1 second' where task_id = '${unused.taskId}'`);
  expect(await unused.begin(unused.call(REMOVE))).toMatchObject({ verdict: "denied" });
});

test("a hook makes the policy stricter, never weaker", async () => {
  const allowed = await openGate({ verdict: "allow" });
  expect(await allowed.begin({ ...allowed.call(REMOVE), hooksAsk: "a hook wants it" })).toMatchObject({
    verdict: "ask",
  });
  const denied = await openGate({ verdict: "deny", reason: "no" });
  expect(await denied.begin({ ...denied.call(REMOVE), hooksAsk: "ask" })).toMatchObject({ verdict: "denied" });
});

test("an answer that lasts becomes a grant for what was asked, and can be taken back", async () => {
  const { begin, call, asked } = await openGate(ASK);
  await begin(call(REMOVE));
  const { id, hash } = await asked();
  await answerApproval(db.store, { id, hash, allow: true, forMinutes: 60 });
  const [grant] = await listGrants(db.store);
  expect(grant).toMatchObject({ agent: "code", covers: PUSH });
  await revokeGrant(db.store, grant?.id ?? "");
  expect(await listGrants(db.store)).toEqual([]);
});

const DESTROYS: Judgement = { ...ASK, destructive: { kind: "files", targets: ["/workspace/shop"] } };

test("what a person allowed runs only when what it destroys has been kept, and the yes is used then, not before", async () => {
  const { begin, call, answer, asked } = await openGate(DESTROYS);
  expect(await begin(call(REMOVE))).toMatchObject({ verdict: "ask" });
  await answer(true);
  const keep = await begin(call(REMOVE));
  expect(keep).toMatchObject({ verdict: "keep", keep: { plan: { kind: "files", places: ["/workspace/shop"] } } });
  expect(await begin(call(REMOVE))).toEqual(keep);
  expect((await asked()).usedAt).toBeNull();
  if (keep.verdict !== "keep") throw new Error("nothing is kept");
  const { snapshotId } = keep.keep;
  await expect(snapshotTaken(keeper, "qa", { snapshotId, targets: [], received: null })).rejects.toThrow("no snapshot");
  await snapshotTaken(keeper, "code", { snapshotId, targets: [], received: null });
  expect(await begin(call(REMOVE))).toEqual({ verdict: "run", isFirst: true });
  expect((await asked()).usedAt).not.toBeNull();
});

test("what could not be kept does not run, and the agent reads why", async () => {
  const { begin, call, answer } = await openGate(DESTROYS);
  await begin(call(REMOVE));
  await answer(true);
  const keep = await begin(call(REMOVE));
  if (keep.verdict !== "keep") throw new Error("nothing is kept");
  const error = { code: "snapshot.not_taken" as const, message: "The disk has only 3 MB left" };
  await snapshotFailed(keeper, "code", { snapshotId: keep.keep.snapshotId, error });
  expect(await begin(call(REMOVE))).toEqual({
    verdict: "denied",
    reason: expect.stringContaining("The disk has only 3 MB left"),
  });
});

test("what a grant allows to destroy is kept first, too", async () => {
  const granted = [{ kind: "git" as const, targets: ["HEAD"], within: ["/workspace/shop"] }];
  const { begin, call } = await openGate({ verdict: "allow", because: "grant g1", granted });
  expect(await begin(call({ command: "git reset --hard" }))).toMatchObject({
    verdict: "keep",
    keep: { plan: { kind: "git", folders: ["/workspace/shop"], remotes: null } },
  });
});

test("nobody is asked about what cannot be kept", async () => {
  const { begin, call, run, taskId } = await openGate({ ...ASK, destructive: { kind: "files", targets: ["$PLACE"] } });
  expect(await begin(call(REMOVE))).toMatchObject({
    verdict: "denied",
    reason: expect.stringContaining("$PLACE is known only when it runs"),
  });
  expect(await run(`select 1 from approvals where task_id = '${taskId}'`)).toEqual([]);
});
