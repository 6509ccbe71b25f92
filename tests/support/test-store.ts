import { createLog } from "../../server-agent/platform/log.ts";
import { createRedact } from "../../server-agent/platform/redact.ts";
import { migrate } from "../../server-agent/store/migrate.ts";
import { openStore, type Store } from "../../server-agent/store/open-store.ts";
import { createPostgres, type TestPostgres } from "./postgres.ts";

/** A store of the daemon's tables in a PostgreSQL of its own. */
export interface TestStore {
  readonly store: Store;
  readonly postgres: TestPostgres;
  remove(): Promise<void>;
}

export async function createStore(secrets: readonly string[] = []): Promise<TestStore> {
  const postgres = await createPostgres();
  const log = createLog({ level: "error" });
  const { store, db } = openStore({ postgres: postgres.config, log, redact: createRedact(secrets) });
  await migrate(db);
  return {
    store,
    postgres,
    async remove() {
      await store.close();
      await postgres.remove();
    },
  };
}
