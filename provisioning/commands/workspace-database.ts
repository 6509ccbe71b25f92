import {
  CREATE_WORKSPACE_DATABASE,
  createWorkspaceRoles,
  grantWorkspaceRights,
  HAS_WORKSPACE_DATABASE,
  WORKSPACE_DATABASE,
} from "../../contract/workspace-database.ts";
import { WORKSPACE_LOGINS } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const CREATE = `
pg() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
pg -c "$1"
[ "$(pg -c "$2")" = 1 ] || pg -c "$3"
pg -d "$4" -c "$5"
`;

export function createWorkspaceDatabase(): Command {
  return rootScript(
    CREATE,
    createWorkspaceRoles(WORKSPACE_LOGINS),
    HAS_WORKSPACE_DATABASE,
    CREATE_WORKSPACE_DATABASE,
    WORKSPACE_DATABASE.database,
    grantWorkspaceRights(WORKSPACE_LOGINS),
  );
}

const DROP = `
command -v psql >/dev/null || exit 0
systemctl is-active --quiet postgresql || systemctl start postgresql
pg() { runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
for login in "$@"; do
  [ "$(pg -c "select 1 from pg_roles where rolname = '$login'")" = 1 ] || continue
  [ "$(pg -c "${HAS_WORKSPACE_DATABASE}")" != 1 ] || pg -c "revoke all on database ${WORKSPACE_DATABASE.database} from \\"$login\\""
  pg -c "drop role \\"$login\\""
done
`;

/** What agents made belongs to the writer, who stays with the database. */
export function dropWorkspaceLogins(): Command {
  return rootScript(DROP, ...WORKSPACE_LOGINS.map(({ name }) => name));
}
