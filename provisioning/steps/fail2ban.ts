import { loadJail, removeJail } from "../commands/fail2ban.ts";
import { writeFile } from "../commands/write-file.ts";
import { jailFile } from "../files/fail2ban.ts";
import { loggedInLately } from "../files/logged-in-lately.ts";
import { planFiles } from "../files/plan-files.ts";
import { FAIL2BAN_JAIL } from "../layout.ts";
import type { Step } from "../step.ts";

export const fail2ban: Step = {
  id: "fail2ban",
  title: "fail2ban",
  area: "security",
  reason:
    "Who fails to log in five times within ten minutes is kept off SSH for an hour, unless somebody logged in from there lately.",
  needs: ["packages"],
  probes: ["fail2ban", "ssh", "paths"],
  plan(facts) {
    const { running, watches, counts, sparesLogins, others } = facts.fail2ban;
    const lines = [...planFiles(facts, [jailFile(facts), loggedInLately])];
    if (!running) lines.push("Start fail2ban, at boot too");
    if (others.length > 0) return watches ? lines : [...lines, "Switch on the jail of SSH"];
    if (!counts) lines.push("Count failed logins by what the journal says, wrong keys too");
    if (!sparesLogins) lines.push("Ban no address that somebody logged in from in the last 30 days");
    return lines;
  },
  note({ fail2ban: { others } }) {
    return others.length > 0
      ? `What ${others.join(" and ")} says about SSH comes after ours and stays; see that it spares your own address.`
      : null;
  },
  async apply({ shell, facts, signal }) {
    await shell.run(writeFile(loggedInLately), { signal });
    await shell.run(writeFile(jailFile(facts)), { signal });
    await shell.run(loadJail(), { signal });
  },
  undo: {
    changes: [`Remove ${FAIL2BAN_JAIL}; fail2ban goes on by its other settings, or is switched off without any`],
    command: removeJail(),
  },
};
