import { AppError } from "../../contract/errors.ts";
import { loadSandboxProfile, removeSandboxProfile, trySandbox } from "../commands/sandbox.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { sandboxProfile } from "../files/sandbox.ts";
import { SANDBOX_PROFILE } from "../layout.ts";
import { SANDBOX_USER } from "../sandbox-facts.ts";
import type { Step } from "../step.ts";

export const sandbox: Step = {
  id: "sandbox",
  title: "Sandbox",
  area: "runtime",
  reason:
    "Commands of agents see no network and write to their workspace only. One is run there to prove that it works.",
  needs: ["packages", "accounts"],
  probes: ["sandbox", "paths"],
  plan(facts) {
    const lines = needsProfile(facts) ? planFiles(facts, [sandboxProfile]) : [];
    if (facts.sandbox.works) return lines;
    return [...lines, `Run a command in the sandbox as ${SANDBOX_USER}`];
  },
  async apply({ shell, facts, signal, log }) {
    if (facts.sandbox.failure !== "") log(`It did not run when it was looked at: ${facts.sandbox.failure}`);
    if (needsProfile(facts)) {
      const test = 'apparmor_parser --skip-kernel-load --skip-cache "$1"';
      for (const file of differingFiles(facts, [sandboxProfile])) await shell.run(writeFile(file, test), { signal });
      await shell.run(loadSandboxProfile(), { signal });
    }
    await shell.run(trySandbox(), { signal }).catch((failure: unknown) => {
      throw withoutSandbox(failure);
    });
  },
  undo: { changes: [`Remove ${SANDBOX_PROFILE} where it was written`], command: removeSandboxProfile() },
};

/** Not where somebody else's profile lets bubblewrap work already. */
function needsProfile({ sandbox: { works, isRestricted }, paths }: Facts): boolean {
  return isRestricted && (!works || paths[SANDBOX_PROFILE] !== undefined);
}

function withoutSandbox(failure: unknown): unknown {
  if (!(failure instanceof AppError) || failure.code !== "provision.step_failed") return failure;
  return new AppError("provision.step_failed", "A command in the sandbox of the agents does not run here", {
    hint: "Let unprivileged users make user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces), then provision again.",
    details: failure.details ?? failure.message,
    cause: failure,
  });
}
