import type { Tx } from "../store/open-store.ts";

/** The task and everything below it. */
export async function readTree(db: Pick<Tx, "withRecursive">, id: string): Promise<string[]> {
  const rows = await db
    .withRecursive("tree", (db) =>
      db
        .selectFrom("tasks")
        .select("tasks.id")
        .where("tasks.id", "=", id)
        .union(db.selectFrom("tasks").innerJoin("tree", "tree.id", "tasks.parent_id").select("tasks.id")),
    )
    .selectFrom("tree")
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}
