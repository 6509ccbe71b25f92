import { choicesOf } from "../choices.ts";
import { startUpdateTimers } from "../commands/upkeep.ts";
import { removeFiles, writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { updatesConfig, updateSettings, type UpdateSettings } from "../files/updates.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { UPDATES_CONFIG } from "../layout.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

export const updates: Step = {
  id: "updates",
  title: "Security updates",
  area: "security",
  reason: "Holes that are known are closed every day by the distribution's own updates; nothing else is updated.",
  needs: ["packages"],
  probes: ["upkeep", "paths"],
  plan(facts, wanted) {
    const settings = settingsOf(facts, wanted);
    const lines = [...planFiles(facts, [updatesConfig(settings)]), ...planSettings(facts, settings)];
    if (!facts.upkeep.updates.hasTimers) lines.push("Start apt-daily.timer and apt-daily-upgrade.timer, at boot too");
    return lines;
  },
  note(facts, wanted) {
    const { rebootAt } = choicesOf(facts, wanted);
    if (rebootAt !== "never") return `After an update that needs it, the server restarts by itself at ${rebootAt}.`;
    return "The server never restarts by itself: an update of the kernel counts from your next restart on.";
  },
  async apply({ shell, facts, wanted, signal }) {
    const files = differingFiles(facts, [updatesConfig(settingsOf(facts, wanted))]);
    const test = 'APT_CONFIG="$1" apt-config dump >/dev/null';
    for (const file of files) await shell.run(writeFile(file, test), { signal });
    await shell.run(startUpdateTimers(), { signal });
  },
  undo: {
    changes: [`Remove ${UPDATES_CONFIG}; unattended-upgrades goes on as the distribution sets it up`],
    command: removeFiles(UPDATES_CONFIG),
  },
};

function settingsOf(facts: Facts, wanted: Wanted): UpdateSettings {
  return updateSettings(facts.distribution.id, choicesOf(facts, wanted).rebootAt);
}

function planSettings({ upkeep }: Facts, settings: UpdateSettings): string[] {
  return Object.entries(settings).flatMap(([name, values]) => {
    const found = upkeep.updates.settings[name] ?? [];
    if (found.join("\n") === values.join("\n")) return [];
    return values.length > 0 ? values.map((value) => `${name} "${value}"`) : [`Empty ${name.replace(/::$/, "")}`];
  });
}
