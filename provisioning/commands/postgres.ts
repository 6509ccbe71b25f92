import { POSTGRES, POSTGRES_DROP_IN } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** It answers long before Debian's script of its start is content. */
const UNTIL_IT_ANSWERS = `
answers() {
  tries=100
  until runuser -u postgres -- psql -XAtqc 'select 1' >/dev/null 2>&1; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.1
  done
}
systemctl enable --quiet postgresql
systemctl start --no-block postgresql
answers || systemctl start postgresql
answers || true
`;

/** The server's own locale may be C, which would make the text ASCII: the database says UTF-8 itself. */
const CREATE = `${UNTIL_IT_ANSWERS}
runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -v role="$1" -v database="$2" <<'SQL'
select format('create role %I login', :'role') where not exists (select from pg_roles where rolname = :'role') \\gexec
select format('create database %I owner %I encoding ''UTF8'' lc_collate ''C.UTF-8'' lc_ctype ''C.UTF-8'' template template0', :'database', :'role')
  where not exists (select from pg_database where datname = :'database') \\gexec
select format('alter database %I owner to %I', :'database', :'role') \\gexec
select format('alter database %I set synchronous_commit = on', :'database') \\gexec
select format('revoke all on database %I from public', :'database') \\gexec
SQL
`;

export function createDatabase(): Command {
  return rootScript(CREATE, POSTGRES.user, POSTGRES.database);
}

const SET = `
[ $# -gt 0 ] || exit 0
pg() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
for setting in "$@"; do pg "alter system set $setting"; done
systemctl restart postgresql
`;

/** Settings of the whole server, which some of them make start again. */
export function setServer(settings: readonly (readonly [string, string])[]): Command {
  return rootScript(SET, ...settings.map(([name, value]) => `${name} = '${value}'`));
}

const DROP = `
rm -f "$3"
rmdir "$(dirname "$3")" 2>/dev/null || true
systemctl daemon-reload
command -v psql >/dev/null || exit 0
systemctl is-active --quiet postgresql || systemctl start postgresql
runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -v role="$1" -v database="$2" <<'SQL'
select format('drop database %I with (force)', :'database') where exists (select from pg_database where datname = :'database') \\gexec
select format('drop role %I', :'role') where exists (select from pg_roles where rolname = :'role') \\gexec
SQL
`;

export function dropDatabase(): Command {
  return rootScript(DROP, POSTGRES.user, POSTGRES.database, POSTGRES_DROP_IN);
}
