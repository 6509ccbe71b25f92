import { reloadUnits, removeUnits } from "../commands/services.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { loadable } from "../files/loadable.ts";
import type { OurFile } from "../files/our-files.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { agentsSlice, agentsUnit, daemonUnit } from "../files/units.ts";
import { AGENTS_UNIT, DAEMON_UNIT } from "../layout.ts";
import type { Step } from "../step.ts";

const files = (facts: Facts): readonly OurFile[] => [loadable(facts, daemonUnit), agentsSlice, agentsUnit];

export const units: Step = {
  id: "units",
  title: "System services",
  area: "team",
  reason: "systemd starts the daemon and the agents at boot, starts them again after a crash, and keeps them apart.",
  needs: ["configuration", "packages", "runtime"],
  probes: ["paths"],
  plan: (facts) => planFiles(facts, files(facts)),
  async apply({ shell, facts, signal }) {
    const test = 'systemd-analyze verify --man=no "$1"';
    await Promise.all(differingFiles(facts, files(facts)).map((file) => shell.run(writeFile(file, test), { signal })));
    await shell.run(reloadUnits(), { signal });
  },
  undo: { changes: [`Stop and remove ${DAEMON_UNIT} and ${AGENTS_UNIT}`], command: removeUnits() },
};
