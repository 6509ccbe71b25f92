import { installPackages, parseAptProgress } from "../commands/apt.ts";
import { writeFile } from "../commands/write-file.ts";
import { jailFile } from "../files/fail2ban.ts";
import { loggedInLately } from "../files/logged-in-lately.ts";
import { STARTED_LATER } from "../packages.ts";
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
  async apply({ shell, facts, wanted, signal, log, progress }) {
    // fail2ban starts with its package, and counts what was before: from the first moment it must spare this person.
    const jail = facts.packages.includes("fail2ban") ? [] : [loggedInLately, jailFile(facts)];
    for (const file of jail) await shell.run(writeFile(file), { signal });
    const sayWhy = () => log("Stopping as soon as no package is half unpacked");
    signal.addEventListener("abort", sayWhy);
    const onLine = (line: string) => {
      const percent = parseAptProgress(line);
      if (percent === null) log(line);
      else progress(percent, 100);
    };
    const names = Object.keys(wantedPackages(facts, wanted));
    const fresh = names.filter((name) => !facts.packages.includes(name));
    const startLater = fresh.flatMap((name) => STARTED_LATER[name] ?? []);
    const limits = { timeoutMs: 1_800_000, stopWithinMs: 300_000 };
    try {
      await shell.runDetached(installPackages(names, { startLater }), { key: "packages", signal, onLine, ...limits });
    } finally {
      signal.removeEventListener("abort", sayWhy);
    }
  },
  undo: { changes: ["Packages stay installed"], command: null },
};
