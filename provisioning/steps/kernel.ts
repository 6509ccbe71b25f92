import { applyKernelSettings, restoreKernelSettings } from "../commands/upkeep.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { kernelDropIn } from "../files/kernel.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { KERNEL_SETTINGS, type KernelSetting, matchesSetting, settingName } from "../kernel-settings.ts";
import { SYSCTL_DROP_IN } from "../layout.ts";
import type { Step } from "../step.ts";
import type { KernelValue } from "../upkeep.ts";

export const kernel: Step = {
  id: "kernel",
  title: "Kernel settings",
  area: "security",
  reason: "The kernel tells users less about itself, keeps them out of each other's files, and trusts neighbours less.",
  needs: ["configuration"],
  probes: ["upkeep", "paths"],
  plan(facts) {
    const differing = ourSettings(facts).filter((setting) => badValues(facts, setting).some(isWritable));
    const lines = differing.map(({ path, value, reason }) => `${settingName(path)} = ${value}: ${reason}`);
    return [...planFiles(facts, [dropIn(facts)]), ...lines];
  },
  note(facts) {
    const { foreign } = facts.upkeep.kernel;
    const locked = ourSettings(facts).filter((setting) =>
      badValues(facts, setting).some((found) => !isWritable(found)),
    );
    const missing = KERNEL_SETTINGS.filter((setting) => valuesOf(facts, setting).length === 0);
    const paths = (settings: readonly KernelSetting[]) => settings.map(({ path }) => path);
    const notes = [
      { words: "Only the host of this container may set", found: paths(locked) },
      { words: "This kernel does not show", found: paths(missing) },
      { words: "Set by somebody else and left alone:", found: foreign },
    ].filter(({ found }) => found.length > 0);
    return notes.map(({ words, found }) => `${words} ${found.map(settingName).join(", ")}.`).join(" ") || null;
  },
  async apply({ shell, facts, signal }) {
    for (const file of differingFiles(facts, [dropIn(facts)])) await shell.run(writeFile(file), { signal });
    await shell.run(applyKernelSettings(), { signal });
  },
  undo: { changes: [`Remove ${SYSCTL_DROP_IN} and put the values of before back`], command: restoreKernelSettings() },
};

function dropIn(facts: Facts) {
  return kernelDropIn(ourSettings(facts));
}

/** Neither what somebody else has set nor what is better already. */
function ourSettings(facts: Facts): readonly KernelSetting[] {
  const isBetter = (setting: KernelSetting) =>
    valuesOf(facts, setting).some(({ value }) => setting.alsoGood?.includes(value) === true);
  return KERNEL_SETTINGS.filter((setting) => !facts.upkeep.kernel.foreign.includes(setting.path) && !isBetter(setting));
}

function valuesOf({ upkeep }: Facts, { path }: KernelSetting): readonly KernelValue[] {
  return upkeep.kernel.values.filter((found) => matchesSetting(path, found.path));
}

function badValues(facts: Facts, setting: KernelSetting): readonly KernelValue[] {
  return valuesOf(facts, setting).filter(({ value }) => value !== setting.value);
}

function isWritable(value: KernelValue): boolean {
  return value.isWritable;
}
