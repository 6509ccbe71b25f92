import type { RunAsRootInput } from "../../contract/broker.ts";
import { keepLosses } from "./copies.ts";
import type { Family, Workbench } from "./family.ts";

type Bench = Pick<Workbench, "programs" | "onOutput" | "lossesOf" | "ownProgram">;

const TIMEOUT_SECONDS = 600;

/** Any command as root. Nothing about it can be refused here: the rules let the supervisor ask a person each time. */
export function rootFamily(bench: Bench): Family<RunAsRootInput> {
  const { programs, onOutput } = bench;
  return {
    check: async () => await Promise.resolve(),
    keep: async ({ argv }, folder) => await keepLosses(bench, bench.lossesOf(argv), folder),
    async act({ argv: [program = "", ...words], timeoutSeconds = TIMEOUT_SECONDS }) {
      await programs.asService([program, ...words], { onOutput, timeoutMs: timeoutSeconds * 1000 });
      return `${program} ended well`;
    },
  };
}
