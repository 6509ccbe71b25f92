import { makeAdmin, removeAdmin } from "../commands/admin.ts";
import { writeFile } from "../commands/write-file.ts";
import { planFiles } from "../files/plan-files.ts";
import { adminSudoers } from "../files/sudoers.ts";
import type { Facts } from "../facts.ts";
import { ADMIN_USER } from "../layout.ts";
import type { Step } from "../step.ts";

/** Only for a login whose key is as good as root: nobody gets more rights than they had. An `admin` that was there is left alone. */
export const admin: Step = {
  id: "admin",
  title: "Administrator",
  area: "security",
  reason: "A second way in with your key, for work that should carry a person's name instead of root's.",
  needs: ["packages", "login-key"],
  probes: ["admin", "paths"],
  plan(facts) {
    const { exists, isOurs, hasKeys } = facts.admin;
    if (!isWanted(facts)) return [];
    const lines: string[] = [];
    if (!exists) lines.push(`Create the user ${ADMIN_USER}, with sudo and no password`);
    if (!isOurs || !hasKeys) lines.push(`Let the keys of ${facts.user} log in as ${ADMIN_USER}`);
    return [...lines, ...planFiles(facts, [adminSudoers])];
  },
  async apply({ shell, facts, signal }) {
    await shell.run(makeAdmin(facts.user), { signal });
    await shell.run(writeFile(adminSudoers, 'visudo -cqf "$1"'), { signal });
  },
  undo: {
    changes: [
      `Remove the user ${ADMIN_USER} that was made here, unless you are logged in as it; files of its home folder stay`,
    ],
    command: removeAdmin(),
  },
};

function isWanted({ admin: { exists, isOurs, loginHasKeys, loginIsRoot }, signedInWith }: Facts): boolean {
  if (exists) return isOurs;
  const willHaveKeys = signedInWith === "password" || (signedInWith === "key" && loginHasKeys);
  return willHaveKeys && loginIsRoot;
}
