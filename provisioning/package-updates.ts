import { z } from "zod";
import { type Lines, toRecord } from "./fact-lines.ts";
import { PACKAGES_UPDATED } from "./layout.ts";

/** What apt would update, by the lists that the server read last. */
export const PackageUpdates = z.object({
  names: z.array(z.string()),
  /** Of these, how many are for security. */
  security: z.number().int(),
  /** All that there was has been installed within the last hour, by lists that were read for it. */
  areRecent: z.boolean(),
});
export type PackageUpdates = z.infer<typeof PackageUpdates>;

/**
 * Script: a line `Inst NAME [OLD] (NEW …)` for each package. It takes no lock and changes nothing, whatever else apt is
 * doing. What would need another package to go is not among it.
 */
export const SIMULATED_UPDATES =
  "apt-get -s -q -o Debug::NoLocking=1 --with-new-pkgs upgrade 2>/dev/null | grep '^Inst [^ ]* \\['";

export const PACKAGE_UPDATES_PROBE = `
p updates.asked yes
${SIMULATED_UPDATES} | awk '{ print "update\\t" $2 " " (/[-:][Ss]ecurity/ ? "security" : "-") }'
[ -n "$(find ${PACKAGES_UPDATED} -mmin -60 2>/dev/null)" ] && p updates.recent yes
true`;

export function toPackageUpdates(lines: Lines): PackageUpdates | null {
  if (!lines.has("updates.asked")) return null;
  const updates = Object.entries(toRecord(lines.get("update") ?? [], ([kind]) => kind === "security"));
  return {
    names: updates.map(([name]) => name),
    security: updates.filter(([, isForSecurity]) => isForSecurity).length,
    areRecent: lines.has("updates.recent"),
  };
}
