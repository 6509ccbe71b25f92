import { removeFiles, writeFile } from "../commands/write-file.ts";
import { planFiles } from "../files/plan-files.ts";
import { sudoers } from "../files/sudoers.ts";
import type { Step } from "../step.ts";

export const permissions: Step = {
  id: "permissions",
  title: "Permissions",
  area: "runtime",
  reason:
    "The agents' windows start as each agent's own user, and operators may look at them; nothing else is allowed.",
  needs: ["packages", "accounts", "runtime"],
  probes: ["paths"],
  plan: (facts) => planFiles(facts, [sudoers]),
  async apply({ shell, signal }) {
    await shell.run(writeFile(sudoers, 'visudo -cqf "$1"'), { signal });
  },
  undo: { changes: [`Remove ${sudoers.path}`], command: removeFiles(sudoers.path) },
};
