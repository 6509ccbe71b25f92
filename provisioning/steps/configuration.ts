import { choicesFile, choicesOf } from "../choices.ts";
import { removeFiles, writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { daemonConfig } from "../files/daemon-config.ts";
import type { OurFile } from "../files/our-files.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { agentConsole, attachWindow, endConsole, startConsole } from "../files/wrappers.ts";
import { AGENT_CONSOLE, ATTACH_WINDOW, CONFIG_DIR, START_CONSOLE } from "../layout.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

export const configuration: Step = {
  id: "configuration",
  title: "Configuration",
  area: "runtime",
  reason: "The daemon reads where things are from one file without secrets; two small programs open agents' windows.",
  // An upgrade first remembers the files that its release was started with.
  needs: ["accounts", "runtime"],
  probes: ["paths", "upkeep"],
  plan: (facts, wanted) => planFiles(facts, files(facts, wanted)),
  async apply({ shell, facts, wanted, signal }) {
    const differing = differingFiles(facts, files(facts, wanted));
    await Promise.all(differing.map((file) => shell.run(writeFile(file), { signal })));
  },
  undo: {
    changes: [`Remove ${CONFIG_DIR}`],
    command: removeFiles(CONFIG_DIR, START_CONSOLE, AGENT_CONSOLE, ATTACH_WINDOW),
  },
};

function files(facts: Facts, wanted: Wanted): readonly OurFile[] {
  const choices = choicesFile(choicesOf(facts, wanted));
  return [daemonConfig(facts, wanted), choices, startConsole, agentConsole, attachWindow, endConsole];
}
