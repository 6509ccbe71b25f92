import type { InferContractRouterInputs } from "@orpc/contract";
import type { audit, AuditHead, AuditRecord } from "../../contract/audit.ts";
import type { Store } from "../store/open-store.ts";
import type { Database } from "../store/schema.ts";

export type AuditFilter = InferContractRouterInputs<typeof audit>["list"] & { readonly limit: number };

const PIECE = 1_000;

export async function readHead(store: Store): Promise<AuditHead> {
  return await store.read(async (db) => await db.selectFrom("audit_head").selectAll().executeTakeFirstOrThrow());
}

/** Newest first. */
export async function listAudit(
  store: Store,
  filter: AuditFilter,
): Promise<{ records: AuditRecord[]; hasMore: boolean }> {
  const rows = await store.read(async (db) => {
    let query = db.selectFrom("audit").selectAll();
    if (filter.before !== undefined) query = query.where("seq", "<", filter.before);
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
  return { records: rows.slice(0, filter.limit).map(toRecord), hasMore: rows.length > filter.limit };
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
          .limit(PIECE)
          .execute(),
      signal,
    );
    if (rows.length === 0) return;
    yield rows.map(toRecord);
    last = rows.at(-1)?.seq ?? head.seq;
  }
}

function toRecord({ task_id, ...row }: Database["audit"]): AuditRecord {
  return { ...row, taskId: task_id };
}
