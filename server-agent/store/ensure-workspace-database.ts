import { Client } from "pg";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import {
  CREATE_WORKSPACE_DATABASE,
  createWorkspaceRoles,
  grantWorkspaceRights,
  HAS_WORKSPACE_DATABASE,
  LOCAL_LOGIN,
  WORKSPACE_DATABASE,
} from "../../contract/workspace-database.ts";

/** On this computer, where PostgreSQL is the daemon's own. On a server provisioning does it. */
export async function ensureWorkspaceDatabase({ mode, postgres, workspaceDatabase }: DaemonConfig): Promise<void> {
  if (mode !== "local" || workspaceDatabase === undefined) return;
  const logins = [LOCAL_LOGIN];
  await withClient(postgres, async (client) => {
    await client.query(createWorkspaceRoles(logins));
    const { rowCount } = await client.query(HAS_WORKSPACE_DATABASE);
    if (rowCount === 0) await client.query(CREATE_WORKSPACE_DATABASE);
  });
  await withClient({ ...postgres, database: WORKSPACE_DATABASE.database }, async (client) => {
    await client.query(grantWorkspaceRights(logins));
  });
}

async function withClient(
  { socketDir, ...where }: DaemonConfig["postgres"],
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ host: socketDir, ...where });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
