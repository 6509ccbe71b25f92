import { createDatabase, dropDatabase, setServer } from "../commands/postgres.ts";
import { reloadUnits } from "../commands/services.ts";
import { writeFile } from "../commands/write-file.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { postgresDropIn } from "../files/units.ts";
import { refreshFacts } from "../facts.ts";
import type { Facts } from "../facts.ts";
import { POSTGRES } from "../layout.ts";
import { POSTGRES_SETTINGS } from "../postgres-facts.ts";
import type { Step, StepContext } from "../step.ts";

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
    if (found.database && !found.isDurable) lines.push(`synchronous_commit = on in ${POSTGRES.database}`);
    if (found.others.length === 0) lines.push(...wrongSettings(facts).map(([name, value]) => `${name} = ${value}`));
    return lines;
  },
  note(facts) {
    const { others } = facts.postgres;
    const wrong = wrongSettings(facts).map(([name]) => `${name} = ${facts.postgres.settings[name]}`);
    if (others.length === 0) return null;
    const kept = wrong.length > 0 ? `, and its settings stay: ${wrong.join(", ")}` : "";
    return `It holds databases of others (${others.join(", ")}), which stay as they are${kept}.`;
  },
  async apply(context) {
    const { shell, facts, signal } = context;
    for (const file of differingFiles(facts, [postgresDropIn])) {
      await shell.run(writeFile(file), { signal });
      await shell.run(reloadUnits(), { signal });
    }
    await shell.run(createDatabase(), { signal });
    const found = facts.postgres.running ? facts : await lookAgain(context);
    if (found.postgres.others.length === 0) await shell.run(setServer(wrongSettings(found)), { signal });
  },
  undo: {
    changes: [`Drop the database ${POSTGRES.database} and the role ${POSTGRES.user}; PostgreSQL stays`],
    command: dropDatabase(),
  },
};

/** One that did not run has not said what it goes by. */
async function lookAgain({ shell, facts, signal }: StepContext): Promise<Facts> {
  return { ...facts, ...(await refreshFacts(shell, facts, { probes: ["postgres"], signal })) };
}

/** Of a server that runs, those that should be otherwise. */
function wrongSettings({ postgres: { settings } }: Facts): (readonly [string, string])[] {
  return Object.entries(POSTGRES_SETTINGS).filter(([name, value]) => {
    const found = settings[name];
    return found !== undefined && found !== value && !(name === "listen_addresses" && isLoopback(found));
  });
}

/** Empty: only its Unix socket. */
function isLoopback(addresses: string): boolean {
  const names = ["", "localhost", "127.0.0.1", "::1"];
  return addresses.split(",").every((address) => names.includes(address.trim()));
}
