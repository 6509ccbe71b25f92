import { installPackages } from "../commands/apt.ts";
import { writeFile } from "../commands/write-file.ts";
import { jailFile } from "../files/fail2ban.ts";
import { loggedInLately } from "../files/logged-in-lately.ts";
import { STARTED_LATER } from "../packages.ts";
import { runApt } from "../run-apt.ts";
import type { Step } from "../step.ts";
import { wantedPackages } from "../wanted-packages.ts";

export const packages: Step = {
  id: "packages",
  title: "Base packages",
  area: "system",
  reason: "The database, the agents' windows and their sandbox come from the distribution, which keeps them patched.",
  needs: ["accounts"],
  probes: ["packages", "upkeep", "docker"],
  plan(facts, wanted) {
    const missing = Object.entries(wantedPackages(facts, wanted)).filter(([name]) => !facts.packages.includes(name));
    const lines = missing.map(([name, use]) => `Install ${name} (${use})`);
    return facts.packagesInterrupted ? ["Finish an interrupted package installation", ...lines] : lines;
  },
  async apply(context) {
    const { shell, facts, wanted, signal } = context;
    // fail2ban starts with its package, and counts what was before: from the first moment it must spare this person.
    const jail = facts.packages.includes("fail2ban") ? [] : [loggedInLately, jailFile(facts)];
    for (const file of jail) await shell.run(writeFile(file), { signal });
    const names = Object.keys(wantedPackages(facts, wanted));
    const fresh = names.filter((name) => !facts.packages.includes(name));
    const startLater = fresh.flatMap((name) => STARTED_LATER[name] ?? []);
    await runApt(context, "packages", installPackages(names, { startLater }));
  },
  undo: { changes: ["Packages stay installed"], command: null },
};
