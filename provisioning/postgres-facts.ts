import { z } from "zod";
import { WORKSPACE_DATABASE } from "../contract/workspace-database.ts";
import { type Lines, toRecord } from "./fact-lines.ts";
import { POSTGRES, WORKSPACE_LOGINS } from "./layout.ts";

export const PostgresFacts = z.object({
  running: z.boolean(),
  role: z.boolean(),
  database: z.boolean(),
  workspace: z.boolean(),
  /** What the running server goes by. */
  settings: z.record(z.string(), z.string()),
  /** Of its socket; null when it does not run. */
  port: z.number().nullable(),
  /** What is committed in the daemon's database outlives a crash. */
  isDurable: z.boolean(),
  /** Databases of others that it holds besides. */
  others: z.array(z.string()),
  /** Whoever reaches it is let in as whom they say they are. */
  trusts: z.boolean(),
});
export type PostgresFacts = z.infer<typeof PostgresFacts>;

/** Of the whole server. Where passwords are used at all, they are kept so that a stolen table does not give them away. */
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "localhost",
  password_encryption: "scram-sha-256",
  fsync: "on",
  full_page_writes: "on",
};

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");
const LOGIN_NAMES = quoted(WORKSPACE_LOGINS.map(({ name }) => name));
const SETTING_NAMES = quoted(Object.keys(POSTGRES_SETTINGS));
const OUR_DATABASES = quoted(["postgres", POSTGRES.database, WORKSPACE_DATABASE.database]);

export const POSTGRES_PROBE = `
pg() { runuser -u postgres -- psql -XAtqc "$1" 2>/dev/null; }
yes() { printf "select '%s' || chr(9) || 'yes'" "$1"; }
if command -v psql >/dev/null; then
  pg "$(yes pg.running)
    union all $(yes pg.role) from pg_roles where rolname = '${POSTGRES.user}' and rolcanlogin
    union all $(yes pg.database) from pg_database where datname = '${POSTGRES.database}'
      and pg_get_userbyid(datdba) = '${POSTGRES.user}' and pg_encoding_to_char(encoding) = 'UTF8'
    union all select 'pg.setting' || chr(9) || name || ' ' || setting from pg_settings where name in (${SETTING_NAMES})
    union all select 'pg.port' || chr(9) || setting from pg_settings where name = 'port'
    union all select 'pg.other' || chr(9) || datname from pg_database where not datistemplate and datname not in (${OUR_DATABASES})
    union all $(yes pg.trusts) where exists (select from pg_hba_file_rules where auth_method = 'trust'
      and database && array['all', '${POSTGRES.database}'] and user_name && array['all', '${POSTGRES.user}'])"
  [ "$(pg "select count(*) from pg_roles where rolname in (${LOGIN_NAMES}) and rolcanlogin and not rolinherit
    and pg_has_role(rolname, '${WORKSPACE_DATABASE.reader}', 'member')
    and has_database_privilege(rolname, (select oid from pg_database where datname = '${WORKSPACE_DATABASE.database}'), 'connect')")" = ${WORKSPACE_LOGINS.length} ] && p pg.workspace yes
  [ "$(cd /; runuser -u ${POSTGRES.user} -- psql -XAtqd ${POSTGRES.database} -c 'show synchronous_commit' 2>/dev/null)" = on ] && p pg.durable yes
fi
true`;

export function toPostgres(lines: Lines): PostgresFacts {
  const has = (name: string) => lines.has(`pg.${name}`);
  return {
    running: has("running"),
    role: has("role"),
    database: has("database"),
    workspace: has("workspace"),
    settings: toRecord(lines.get("pg.setting") ?? [], (words) => words.join(" ")),
    port: has("port") ? Number(lines.get("pg.port")?.[0]) : null,
    isDurable: has("durable"),
    others: [...(lines.get("pg.other") ?? [])],
    trusts: has("trusts"),
  };
}
