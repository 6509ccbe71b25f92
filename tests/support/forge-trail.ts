import { Client } from "pg";
import type { AuditContent, AuditRecord } from "../../contract/audit.ts";
import { chain } from "./audit-trail.ts";
import type { TestPostgres } from "./postgres.ts";

type Forgery = (contents: AuditContent[]) => AuditContent[];

/** What PostgreSQL's superuser can do: drops the trigger, and writes the whole trail and its head anew, hashes and all. */
export async function rewriteTrail({ config }: TestPostgres, forgery: Forgery): Promise<AuditRecord[]> {
  return await asSuperuser(config, async (client) => {
    const { rows } = await client.query<AuditContent>(
      `select seq::int, at, kind, agent, task_id as "taskId", detail from audit order by seq`,
    );
    const records = chain(forgery(rows));
    await client.query("delete from audit");
    for (const { seq, at, kind, agent, taskId, detail, hash } of records) {
      const values = [seq, at, kind, agent, taskId, detail, hash];
      await client.query("insert into audit values ($1, $2, $3, $4, $5, $6, $7)", values);
    }
    const last = records.at(-1);
    await client.query("update audit_head set seq = $1, hash = $2", [last?.seq ?? 0, last?.hash ?? "0".repeat(64)]);
    return records;
  });
}

/** One statement on the trail, with the trigger out of the way. */
export async function forge(config: TestPostgres["config"], statement: string): Promise<void> {
  await asSuperuser(config, async (client) => await client.query(statement));
}

async function asSuperuser<T>(
  { socketDir, ...where }: TestPostgres["config"],
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ host: socketDir, ...where });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select * from audit_head for update");
    await client.query("alter table audit disable trigger all");
    const result = await work(client);
    await client.query("alter table audit enable trigger all");
    await client.query("commit");
    return result;
  } finally {
    await client.end();
  }
}
