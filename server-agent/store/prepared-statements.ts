import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { Pool, PoolClient } from "pg";

/** Texts that come once or twice would only fill PostgreSQL's memory. */
const PREPARED_FROM = 3;
const MOST_PREPARED = 200;
const MOST_COUNTED = 1_000;

/** Connections on which statements that come again are parsed and planned once. */
export function preparing(pool: Pool): PostgresPool {
  const known = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: async () => await pool.end(),
    async connect() {
      const client = await pool.connect();
      const wrapped = known.get(client) ?? wrap(client);
      known.set(client, wrapped);
      return wrapped;
    },
  };
}

function wrap(client: PoolClient): PostgresPoolClient {
  const nameOf = createNames();
  function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(asked: string | object, parameters: readonly unknown[] = []): object {
    if (typeof asked !== "string") throw new TypeError("No query here takes a cursor");
    const name = nameOf(asked);
    return client.query({ text: asked, values: [...parameters], ...(name !== null && { name }) });
  }
  return { query, release: (destroy) => client.release(destroy) };
}

/** A statement's name on one connection; null while it is not worth one. */
function createNames(): (text: string) => string | null {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined) return name;
    if (counts.size >= MOST_COUNTED) counts.clear();
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count < PREPARED_FROM || names.size >= MOST_PREPARED) return null;
    const given = `s${names.size}`;
    names.set(text, given);
    return given;
  };
}
