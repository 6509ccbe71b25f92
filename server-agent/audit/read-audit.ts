import type { InferContractRouterInputs } from "@orpc/contract";
import type { audit, AuditHead, AuditRecord } from "../../contract/audit.ts";
import type { Store } from "../store/open-store.ts";
import type { Database } from "../store/schema.ts";

export type AuditFilter = InferContractRouterInputs<typeof audit>["list"] & { readonly limit: number };

const PIECE_RECORDS = 500;
/** One message over the wire stays far below the largest that either end takes. */
const PIECE_CHARACTERS = 1_000_000;
const LIST_CHARACTERS = 2_000_000;

export async function readHead(store: Store): Promise<AuditHead> {
  return await store.read(async (db) => await db.selectFrom("audit_head").selectAll().executeTakeFirstOrThrow());
}

export async function readHeadAt(store: Store, seq: number): Promise<AuditHead | null> {
  const row = await store.read(
    async (db) => await db.selectFrom("audit").select(["seq", "hash"]).where("seq", "=", seq).executeTakeFirst(),
  );
  return row ?? null;
}

/** Newest first. */
export async function listAudit(
  store: Store,
  filter: AuditFilter,
): Promise<{ records: AuditRecord[]; hasMore: boolean }> {
  const rows = await store.read(async (db) => {
    let query = db.selectFrom("audit").selectAll();
    if (filter.before !== undefined) query = query.where("seq", "<", filter.before);
    if (filter.after !== undefined) query = query.where("seq", ">", filter.after);
    if (filter.agent) query = query.where("agent", "=", filter.agent);
    if (filter.taskId) query = query.where("task_id", "=", filter.taskId);
    if (filter.kind) query = query.where("kind", "=", filter.kind);
    if (filter.from) query = query.where("at", ">=", filter.from);
    if (filter.to) query = query.where("at", "<", filter.to);
    if (filter.text) query = query.where("detail", "ilike", `%${filter.text.replace(/[\\%_]/g, "\\$&")}%`);
    return await query
      .orderBy("seq", "desc")
      .limit(filter.limit + 1)
      .execute();
  });
  const [records = []] = piecesOf(rows.slice(0, filter.limit).map(toRecord), LIST_CHARACTERS);
  return { records, hasMore: rows.length > records.length };
}

/** Oldest first, in pieces, up to the head of the moment it began. */
export async function* readAudit(store: Store, after: number, signal?: AbortSignal): AsyncGenerator<AuditRecord[]> {
  const head = await readHead(store);
  let last = after;
  while (last < head.seq) {
    signal?.throwIfAborted();
    const rows = await store.read(
      async (db) =>
        await db
          .selectFrom("audit")
          .selectAll()
          .where("seq", ">", last)
          .where("seq", "<=", head.seq)
          .orderBy("seq")
          .limit(PIECE_RECORDS)
          .execute(),
      signal,
    );
    if (rows.length === 0) return;
    yield* piecesOf(rows.map(toRecord), PIECE_CHARACTERS);
    last = rows.at(-1)?.seq ?? head.seq;
  }
}

/** Cuts a list where the details together grow too long; a record longer than that is a piece of its own. */
function piecesOf(records: readonly AuditRecord[], characters: number): AuditRecord[][] {
  const pieces: AuditRecord[][] = [];
  let room = 0;
  for (const record of records) {
    room -= record.detail.length;
    if (room < 0 || pieces.length === 0) {
      pieces.push([]);
      room = characters - record.detail.length;
    }
    pieces.at(-1)?.push(record);
  }
  return pieces;
}

function toRecord({ task_id, ...row }: Database["audit"]): AuditRecord {
  return { ...row, taskId: task_id };
}
