import { startService } from "../commands/upkeep.ts";
import type { Facts } from "../facts.ts";
import { CLOCK_PACKAGE } from "../packages.ts";
import type { Step } from "../step.ts";

export const clock: Step = {
  id: "clock",
  title: "Clock",
  area: "system",
  reason: "Certificates, signatures and the order of what happened are judged by the time.",
  needs: ["packages"],
  probes: ["upkeep", "preflight"],
  plan(facts) {
    if (facts.preflight.container || facts.upkeep.clock?.isRunning) return [];
    return [`Start ${serviceOf(facts)}, at boot too`];
  },
  note({ preflight, upkeep }) {
    if (preflight.container) return "This server is a container: its host sets the clock.";
    if (upkeep.clock && upkeep.clock.service !== CLOCK_PACKAGE)
      return `${upkeep.clock.service} was here already and keeps the clock.`;
    return null;
  },
  async apply({ shell, facts, signal }) {
    await shell.run(startService(serviceOf(facts)), { signal });
  },
  undo: { changes: ["What keeps the clock goes on"], command: null },
};

function serviceOf({ upkeep }: Facts): string {
  return upkeep.clock?.service ?? CLOCK_PACKAGE;
}
