import { afterAll, beforeAll, expect, test } from "vitest";
import { AUDIT_START, type AuditRecord } from "../../../contract/audit.ts";
import { listAudit, readAudit, readHead } from "../../../server-agent/audit/read-audit.ts";
import { auditHash } from "../../../server-agent/store/append-audit.ts";
import { query } from "../../support/postgres.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

const SECRET = "sk-ant-canary-7391";
let db: TestStore;

beforeAll(async () => {
  db = await createStore([SECRET]);
});
afterAll(async () => await db?.remove());

const write = async (text: string): Promise<void> =>
  await db.store.change(async (_tx, _emit, audit) => {
    audit({ kind: "prompt", agent: "code", taskId: "t1", detail: { text } });
    await Promise.resolve();
  });

async function all(): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const piece of readAudit(db.store, 0)) records.push(...piece);
  return records;
}

test("chains records in the order of commits, also when many write at once", async () => {
  await Promise.all(Array.from({ length: 40 }, async (_, index) => await write(`record ${index}`)));
  const records = await all();
  expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  let hash = AUDIT_START.hash;
  for (const record of records) {
    hash = auditHash(hash, record);
    expect(record.hash).toBe(hash);
  }
  expect(await readHead(db.store)).toEqual({ seq: 40, hash });
});

test("keeps nothing of a change that failed", async () => {
  const before = await readHead(db.store);
  const failing = db.store.change(async (_tx, _emit, audit) => {
    audit({ kind: "prompt", detail: {} });
    await Promise.reject(new Error("no"));
  });
  await expect(failing).rejects.toThrow("no");
  expect(await readHead(db.store)).toEqual(before);
});

test("hides known secrets however they are written", async () => {
  const forms = [SECRET, Buffer.from(`x${SECRET}y`).toString("base64"), Buffer.from(SECRET).toString("hex")];
  await write(forms.join(" "));
  const { records } = await listAudit(db.store, { limit: 1 });
  const [{ detail } = { detail: "" }] = records;
  for (const form of forms.map((text) => text.slice(4, -4))) expect(detail).not.toContain(form);
});

test("is found by agent, task, kind, time and text", async () => {
  await write("needle 100% sure");
  const found = async (filter: object) => (await listAudit(db.store, { limit: 10, ...filter })).records.length;
  expect(await found({ text: "needle 100%" })).toBe(1);
  expect(await found({ text: "needle 1005" })).toBe(0);
  expect(await found({ text: "needle", agent: "qa" })).toBe(0);
  expect(await found({ text: "needle", kind: "decision" })).toBe(0);
  expect(await found({ text: "needle", to: "2020-01-01T00:00:00.000Z" })).toBe(0);
  expect(await found({ text: "needle", taskId: "t1", agent: "code", kind: "prompt" })).toBe(1);
});

test("cannot be changed by the daemon's own statements", async () => {
  const change = async (statement: string) => await query(db.postgres.config, statement);
  await expect(change("update audit set detail = '{}' where seq = 1")).rejects.toThrow("append-only");
  await expect(change("delete from audit where seq = 1")).rejects.toThrow("append-only");
  await expect(change("truncate audit")).rejects.toThrow("append-only");
});
