import { choicesOf } from "./choices.ts";
import type { Facts } from "./facts.ts";
import { CLOCK_PACKAGE, dockerPackages, isOurDocker, PACKAGES } from "./packages.ts";
import type { Wanted } from "./wanted.ts";

/** Packages by name with what needs them. */
export function wantedPackages(facts: Facts, wanted: Wanted): Readonly<Record<string, string>> {
  const needsDocker = choicesOf(facts, wanted).docker && isOurDocker(facts.docker.from);
  return {
    ...PACKAGES,
    ...(needsClock(facts) && { [CLOCK_PACKAGE]: "keeps the clock" }),
    ...(needsDocker && dockerPackages(facts.distribution)),
  };
}

/** Another service that keeps the clock would be removed by this one. */
function needsClock({ preflight, upkeep }: Facts): boolean {
  return !preflight.container && upkeep.clock === null;
}
