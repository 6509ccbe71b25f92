import { agentUser } from "../contract/agents.ts";
import { z } from "zod";
import type { Lines } from "./fact-lines.ts";

export const SandboxFacts = z.object({
  /** A command ran in it as an agent's user, a moment ago. */
  works: z.boolean(),
  /** Why it did not, in one line; empty when it did or could not be tried. */
  failure: z.string(),
  /** AppArmor lets only programs with a profile of their own make user namespaces. */
  isRestricted: z.boolean(),
});
export type SandboxFacts = z.infer<typeof SandboxFacts>;

export const SANDBOX_USER = agentUser("code");

/** Not `/`: bubblewrap fails when anything is mounted or unmounted below a folder that it is just taking over. */
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"].map(
  (folder) => `--ro-bind-try ${folder} ${folder}`,
);

/** As the agents' own sandbox does: all namespaces, nothing of the system to write, no rights. */
export const SANDBOXED_COMMAND = `bwrap --unshare-all --die-with-parent --cap-drop ALL ${SYSTEM.join(" ")} --proc /proc --dev /dev --tmpfs /tmp -- true`;

export const SANDBOX_PROBE = `
[ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null)" = 1 ] && p sandbox.restricted yes
if command -v bwrap >/dev/null && id ${SANDBOX_USER} >/dev/null 2>&1; then
  if said=$(timeout 10 runuser -u ${SANDBOX_USER} -- ${SANDBOXED_COMMAND} 2>&1)
  then p sandbox.works yes
  else p sandbox.failure "status $?: $(printf %s "$said" | head -n 1)"
  fi
fi
true`;

export function toSandbox(lines: Lines): SandboxFacts {
  return {
    works: lines.has("sandbox.works"),
    failure: lines.get("sandbox.failure")?.[0] ?? "",
    isRestricted: lines.has("sandbox.restricted"),
  };
}
