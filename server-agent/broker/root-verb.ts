import type { RunAsRootInput } from "../../contract/broker.ts";
import type { Family, Workbench } from "./family.ts";

type Bench = Pick<Workbench, "programs" | "onOutput">;

const TIMEOUT_SECONDS = 600;

/** Any command as root. Nothing about it can be judged here: the rules let the supervisor ask a person each time. */
export function rootFamily({ programs, onOutput }: Bench): Family<RunAsRootInput> {
  return {
    check: async () => await Promise.resolve(),
    async keep() {
      await Promise.resolve();
      throw new Error("Nothing is kept before a command as root");
    },
    async act({ argv: [program = "", ...words], timeoutSeconds = TIMEOUT_SECONDS }) {
      await programs.asService([program, ...words], { onOutput, timeoutMs: timeoutSeconds * 1000 });
      return `${program} ended well`;
    },
  };
}
