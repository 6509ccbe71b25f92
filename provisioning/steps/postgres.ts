import { createDatabase, dropDatabase } from "../commands/postgres.ts";
import { reloadUnits } from "../commands/services.ts";
import { writeFile } from "../commands/write-file.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { postgresDropIn } from "../files/units.ts";
import { POSTGRES } from "../layout.ts";
import type { Step } from "../step.ts";

export const postgres: Step = {
  id: "postgres",
  title: "PostgreSQL database",
  area: "data",
  reason: "Conversations, tasks and approvals are kept here; the daemon reaches it without a password or a port.",
  needs: ["packages"],
  probes: ["postgres", "paths"],
  plan(facts) {
    const { postgres: found } = facts;
    const lines = [...planFiles(facts, [postgresDropIn])];
    if (!found.running) lines.push("Start PostgreSQL");
    if (!found.role) lines.push(`Create the role ${POSTGRES.user}`);
    if (!found.database) lines.push(`Create the database ${POSTGRES.database} (UTF-8)`);
    return lines;
  },
  async apply({ shell, facts, signal }) {
    for (const file of differingFiles(facts, [postgresDropIn])) {
      await shell.run(writeFile(file), { signal });
      await shell.run(reloadUnits(), { signal });
    }
    await shell.run(createDatabase(), { signal });
  },
  undo: {
    changes: [`Drop the database ${POSTGRES.database} and the role ${POSTGRES.user}; PostgreSQL stays`],
    command: dropDatabase(),
  },
};
