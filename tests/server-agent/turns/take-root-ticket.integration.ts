import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actionHash } from "../../../server-agent/platform/action-hash.ts";
import { createLog } from "../../../server-agent/platform/log.ts";
import { answerApproval, listApprovals } from "../../../server-agent/approvals/approvals.ts";
import { createDesk } from "../../../server-agent/broker/desk.ts";
import { insertTask } from "../../../server-agent/store/task-changes.ts";
import { beginCall, type Judgement } from "../../../server-agent/turns/begin-call.ts";
import { takeRootTicket } from "../../../server-agent/turns/take-root-ticket.ts";
import { serveDesk } from "../../../server-agent/wire/serve-desk.ts";
import { query } from "../../support/postgres.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

const ASK: Judgement = { verdict: "ask", question: "It stops a service", destructive: null };
const ALLOW: Judgement = { verdict: "allow" };

let db: TestStore;
beforeAll(async () => {
  db = await createStore();
});
afterAll(async () => await db?.remove());

/** A call of infra's that the daemon has decided about; with a unit, the same call as another about it. */
async function beginRootCall(judgement: Judgement, unit: string = randomUUID()) {
  const { store } = db;
  const id = randomUUID();
  await store.change(async (tx, emit) => {
    await tx
      .insertInto("conversations")
      .values({ id: "root" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await insertTask(tx, emit, { id, conversationId: "root", agent: "infra", origin: "person", request: "work" });
    await tx
      .insertInto("turns")
      .values({ id: `${id}.1`, task_id: id, agent: "infra", history: "[]" })
      .execute();
  });
  const input = { action: "stop", unit };
  const call = { callId: "call", tool: "systemd", summary: "stop", input, hooksAsk: null };
  const begin = async () =>
    await beginCall(
      {
        store,
        grantable: async () => await Promise.resolve([]),
        judge: async () => await Promise.resolve(judgement),
        keeping: { workspace: "/workspace", maxBytes: 1024 },
        cancelTask: async () => await Promise.resolve(),
      },
      { agent: "infra", turnId: `${id}.1` },
      call,
    );
  const hash = actionHash({ agent: "infra", tool: "systemd", input });
  await begin();
  const answer = async (allow: boolean) => {
    const asked = (await listApprovals(store, "open")).find(({ taskId }) => taskId === id);
    await answerApproval(store, { id: asked?.id ?? "", allow, hash });
    await begin();
  };
  const take = async (needs: "permission" | "person", other: Partial<{ agent: "code"; hash: string }> = {}) =>
    (await takeRootTicket(store, { agent: "infra", hash, needs, ...other })).answer;
  return { id, hash, take, answer };
}

test("gives the right to a call that may run once, however many ask at the same time", async () => {
  const { take } = await beginRootCall(ALLOW);
  const answers = await Promise.all([1, 2, 3, 4].map(async () => await take("permission")));
  expect(answers.toSorted()).toEqual(["ok", "refused", "refused", "refused"]);
});

test("refuses another agent and another byte", async () => {
  const { take, hash } = await beginRootCall(ALLOW);
  expect(await take("permission", { agent: "code" })).toBe("refused");
  expect(await take("permission", { hash: hash.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) })).toBe(
    "refused",
  );
  expect(await take("permission")).toBe("ok");
});

test("wants a person where one is needed: the policy's word, an open question and a no are not enough", async () => {
  expect(await (await beginRootCall(ALLOW)).take("person")).toBe("refused");
  expect(await (await beginRootCall({ ...ALLOW, because: "the policy file" })).take("person")).toBe("refused");
  expect(await (await beginRootCall({ ...ALLOW, because: "grant 7, the policy file" })).take("person")).toBe("refused");
  expect(await (await beginRootCall({ ...ALLOW, because: "grant 7" })).take("person")).toBe("ok");
  const asked = await beginRootCall(ASK);
  expect([await asked.take("permission"), await asked.take("person")]).toEqual(["refused", "refused"]);
  await asked.answer(true);
  expect([await asked.take("person"), await asked.take("person")]).toEqual(["ok", "refused"]);
  const denied = await beginRootCall(ASK);
  await denied.answer(false);
  expect([await denied.take("permission"), await denied.take("person")]).toEqual(["refused", "refused"]);
});

test("finds the call that a person has allowed among others that are the same", async () => {
  await beginRootCall(ALLOW, "nginx");
  const { take } = await beginRootCall({ ...ALLOW, because: "grant 7" }, "nginx");
  expect([await take("person"), await take("person"), await take("permission")]).toEqual(["ok", "refused", "ok"]);
});

test.each(["state = 'done'", "started_at = now() - interval '11 minutes'"])(
  "refuses a call with %s",
  async (change) => {
    const { take, id } = await beginRootCall(ALLOW);
    await query(db.postgres.config, `update calls set ${change} where task_id = '${id}'`);
    expect(await take("permission")).toBe("refused");
  },
);

test("the broker reaches it through a socket of the daemon's user alone, and leaves its records in the audit trail", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "desk-"));
  const { store } = db;
  const socket = path.join(folder, "root.sock");
  const served = await serveDesk({
    path: socket,
    log: createLog({ level: "error" }),
    takeTicket: async (request) => await takeRootTicket(store, request),
    record: async (record) => await store.change(async (_tx, _emit, audit) => await Promise.resolve(audit(record))),
  });
  const desk = createDesk(socket);
  const { hash, id } = await beginRootCall(ALLOW);
  expect(await desk.consume({ agent: "infra", hash, needs: "permission" })).toEqual({ answer: "ok", taskId: id });
  await desk.record({
    kind: "root_action",
    agent: "infra",
    taskId: id,
    detail: { state: "done", verb: "systemd.stop" },
  });
  const kept = await query(
    db.postgres.config,
    `select kind, detail from audit where task_id = '${id}' order by seq desc limit 1`,
  );
  expect(kept).toEqual([{ kind: "root_action", detail: '{"state":"done","verb":"systemd.stop"}' }]);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  await expect(desk.record({ kind: "login" } as never)).rejects.toThrow("answered: failed");
  served.close();
  await expect(desk.consume({ agent: "infra", hash, needs: "permission" })).rejects.toThrow(
    "The daemon does not answer",
  );
  rmSync(folder, { recursive: true });
});
