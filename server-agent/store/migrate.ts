import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
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
};

/** Brings the tables up to date; concurrent callers wait for one another. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: "migrations",
    migrationLockTableName: "migrations_lock",
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
