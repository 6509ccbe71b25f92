import { PACKAGE_UPDATES_STEP } from "../../contract/provision.ts";
import { updatePackages } from "../commands/apt.ts";
import type { PackageUpdates } from "../package-updates.ts";
import { runApt } from "../run-apt.ts";
import type { Step } from "../step.ts";

/** More names than that say nothing to a person. */
const NAMED = 12;

/** Done when a person asks for it, and no drift: what there is to update changes every day. */
export const packageUpdates: Step = {
  id: PACKAGE_UPDATES_STEP,
  title: "Package updates",
  area: "system",
  reason: "You asked for it: every installed package becomes the one that the distribution has now.",
  needs: [],
  probes: ["packageUpdates"],
  plan({ packageUpdates: found }) {
    if (found?.areRecent && found.names.length === 0) return [];
    const isKnown = found && found.names.length > 0;
    return ["Read the package lists anew", `Install ${isKnown ? wordsOf(found) : "the updates that they name"}`];
  },
  note() {
    return "Packages restart their services as usual. Configurations that somebody changed stay, and no package is removed.";
  },
  async apply(context) {
    await runApt(context, PACKAGE_UPDATES_STEP, updatePackages());
  },
  undo: { changes: ["Packages stay as they are"], command: null },
};

/** Such as "12 package updates, 3 of them for security: curl, git, …". */
function wordsOf({ names, security }: PackageUpdates): string {
  const count = names.length === 1 ? "1 package update" : `${names.length} package updates`;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `${count}, ${security} of them for security: ${names.slice(0, NAMED).join(", ")}${more}`;
}
