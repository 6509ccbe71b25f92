import { WORKSPACE_DATABASE } from "../../contract/workspace-database.ts";
import { createWorkspaceDatabase, dropWorkspaceLogins } from "../commands/workspace-database.ts";
import type { Step } from "../step.ts";

export const workspaceDatabase: Step = {
  id: "workspace-database",
  title: "Database of the workspace",
  area: "data",
  reason: "Agents query data here with rights of their own: all may read, those who work on data may write.",
  needs: ["postgres", "accounts"],
  probes: ["postgres"],
  plan: ({ postgres }) =>
    postgres.workspace ? [] : [`Create the database ${WORKSPACE_DATABASE.database} and a login for each agent`],
  async apply({ shell, signal }) {
    await shell.run(createWorkspaceDatabase(), { signal });
  },
  undo: {
    changes: [`Remove the agents' logins; the database ${WORKSPACE_DATABASE.database} stays`],
    command: dropWorkspaceLogins(),
  },
};
