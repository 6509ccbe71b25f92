import { afterAll, beforeAll, expect, test } from "vitest";
import { AUDIT_START, type AuditRecord } from "../../../contract/audit.ts";
import { listAudit, readAudit, readHead, readHeadAt } from "../../../server-agent/audit/read-audit.ts";
import { createHeadWatch } from "../../../server-agent/audit/watch-heads.ts";
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

test("tells what stood where, and what came after a record", async () => {
  const [, , third] = await all();
  expect(await readHeadAt(db.store, 3)).toEqual({ seq: 3, hash: third?.hash });
  expect(await readHeadAt(db.store, 1_000_000)).toBe(null);
  await write("the newest");
  const { seq } = await readHead(db.store);
  const { records } = await listAudit(db.store, { limit: 10, after: seq - 1 });
  expect(records.map((record) => [record.seq, record.detail])).toEqual([[seq, '{"text":"the newest"}']]);
});

test("tells its head, and again after each burst of records, until its reader goes", async () => {
  const reader = new AbortController();
  const heads = createHeadWatch(db.store).follow(reader.signal);
  const before = await readHead(db.store);
  expect((await heads.next()).value).toEqual(before);
  const next = heads.next();
  await write("one");
  await write("two");
  const after = await readHead(db.store);
  const told = [(await next).value];
  while (told.at(-1)?.seq !== after.seq) told.push((await heads.next()).value);
  expect([told.at(-1), told.length <= 2]).toEqual([after, true]);
  const last = heads.next();
  reader.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

test("sends long records in several pieces, each small enough for one message", async () => {
  const { seq } = await readHead(db.store);
  for (const letter of ["a", "b", "c", "d"]) await write(letter.repeat(800_000));
  const pieces: number[][] = [];
  for await (const piece of readAudit(db.store, seq)) pieces.push(piece.map((record) => record.seq - seq));
  expect(pieces).toEqual([[1], [2], [3], [4]]);
  const { records, hasMore } = await listAudit(db.store, { limit: 100, after: seq });
  expect([records.map((record) => record.seq - seq), hasMore]).toEqual([[4, 3], true]);
});

test("cannot be changed by the daemon's own statements", async () => {
  const change = async (statement: string) => await query(db.postgres.config, statement);
  await expect(change("update audit set detail = '{}' where seq = 1")).rejects.toThrow("append-only");
  await expect(change("delete from audit where seq = 1")).rejects.toThrow("append-only");
  await expect(change("truncate audit")).rejects.toThrow("append-only");
});
