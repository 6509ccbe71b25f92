import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { AppError } from "../../contract/errors.ts";
import type { Database } from "./schema.ts";
import * as firstTables from "./migrations/0001-first-tables.ts";
import * as auditAndApprovals from "./migrations/0002-audit-and-approvals.ts";
import * as teamWork from "./migrations/0003-team-work.ts";
import * as modelUse from "./migrations/0004-model-use.ts";
import * as algorithm from "./migrations/0005-algorithm.ts";
import * as grants from "./migrations/0006-grants.ts";
import * as rootTickets from "./migrations/0007-root-tickets.ts";
import * as snapshots from "./migrations/0008-snapshots.ts";
import * as health from "./migrations/0009-health.ts";
import * as worktrees from "./migrations/0010-worktrees.ts";
import * as memory from "./migrations/0011-memory.ts";

const MIGRATIONS = {
  "0001-first-tables": firstTables,
  "0002-audit-and-approvals": auditAndApprovals,
  "0003-team-work": teamWork,
  "0004-model-use": modelUse,
  "0005-algorithm": algorithm,
  "0006-grants": grants,
  "0007-root-tickets": rootTickets,
  "0008-snapshots": snapshots,
  "0009-health": health,
  "0010-worktrees": worktrees,
  "0011-memory": memory,
};

const TABLE = "migrations";

/**
 * Ends the name of a migration after which the release before cannot work. All others only add, with defaults, so that
 * the release before still runs when an upgrade goes back to it.
 */
const BREAKING = "-breaking";

/**
 * Brings the tables up to date; concurrent callers wait for one another. What a newer daemon has added is left as it is;
 * what it has changed is refused with `store.too_new`.
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS, ...(await newerMigrations(db)) }) },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

const ALREADY_DONE: Migration = { up: async () => undefined };

/** Those that this daemon does not know, done already. */
async function newerMigrations(db: Kysely<Database>): Promise<Record<string, Migration>> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db);
  const newer = rows.map(({ name }) => name).filter((name) => !(name in MIGRATIONS));
  const breaking = newer.find((name) => name.endsWith(BREAKING));
  if (breaking === undefined) return Object.fromEntries(newer.map((name) => [name, ALREADY_DONE]));
  throw new AppError("store.too_new", `A newer daemon has changed the database (${breaking})`, {
    hint: "Provision this server with the version of the app that did.",
  });
}
