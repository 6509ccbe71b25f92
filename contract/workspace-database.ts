/**
 * The database agents work in. Each logs in as a role without rights of its own and acts as the reader or, where it may
 * write, as the writer, who owns everything that agents make.
 */
export const WORKSPACE_DATABASE = {
  database: "workspace",
  reader: "workspace_reader",
  writer: "workspace_writer",
} as const;
const { database, reader, writer } = WORKSPACE_DATABASE;

export interface WorkspaceLogin {
  readonly name: string;
  readonly mayWrite: boolean;
}

/** Whom an agent logs in as where the system does not tell agents apart. */
export const LOCAL_LOGIN: WorkspaceLogin = { name: "workspace_agent", mayWrite: true };

/** SQL for a superuser. May be repeated. */
export function createWorkspaceRoles(logins: readonly WorkspaceLogin[]): string {
  return [
    ...[reader, writer].map((role) => createRole(role, "nologin")),
    ...logins.flatMap(({ name, mayWrite }) => [
      createRole(name, "login noinherit"),
      `grant ${reader} to "${name}";`,
      mayWrite ? `grant ${writer} to "${name}";` : `revoke ${writer} from "${name}";`,
    ]),
  ].join("\n");
}

function createRole(name: string, options: string): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = '${name}') then create role "${name}" ${options}; end if;
end $$;`;
}

export const HAS_WORKSPACE_DATABASE = `select 1 from pg_database where datname = '${database}'`;

/** Alone, because it cannot be part of a transaction; only when there is none. */
export const CREATE_WORKSPACE_DATABASE = `create database ${database} owner ${writer} encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8' template template0`;

/** SQL for a superuser within that database. May be repeated. */
export function grantWorkspaceRights(logins: readonly WorkspaceLogin[]): string {
  return `revoke all on database ${database} from public;
grant connect on database ${database} to ${logins.map(({ name }) => `"${name}"`).join(", ")};
alter schema public owner to ${writer};
revoke all on schema public from public;
grant usage on schema public to ${reader};
grant select on all tables in schema public to ${reader};
alter default privileges in schema public grant select on tables to ${reader};
alter default privileges for role ${writer} grant usage on schemas to ${reader};
alter default privileges for role ${writer} grant select on tables to ${reader};`;
}
