import { restartJournal, restoreJournal, startService } from "../commands/upkeep.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { JOURNAL_SETTINGS, journalDropIn, logRotation } from "../files/logs.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { JOURNAL_DROP_IN, LOG_DIR, LOG_ROTATION } from "../layout.ts";
import type { Step } from "../step.ts";

export const logs: Step = {
  id: "logs",
  title: "Logs",
  area: "system",
  reason: "The journal stays over a restart of the server, and neither it nor the team's own logs fill the disk.",
  needs: ["packages", "accounts"],
  probes: ["upkeep", "paths"],
  plan(facts) {
    const { journal, hasRotation } = facts.upkeep;
    const lines = [...planFiles(facts, [journalFile(facts)])];
    lines.push(...missingSettings(facts).map(([key, value]) => `${key}=${value}`));
    if (lines.length > 0 || !journal.isCurrent) lines.push("Restart systemd-journald");
    lines.push(...planFiles(facts, [logRotation]));
    if (!hasRotation) lines.push("Start logrotate.timer, at boot too");
    return lines;
  },
  note({ upkeep }) {
    const kept = upkeep.journal.foreign.filter((key) => key in JOURNAL_SETTINGS);
    return kept.length > 0 ? `Set by somebody else and left alone: ${kept.join(", ")}.` : null;
  },
  async apply({ shell, facts, signal }) {
    const journal = differingFiles(facts, [journalFile(facts)]);
    for (const file of journal) await shell.run(writeFile(file), { signal });
    if (journal.length > 0 || !facts.upkeep.journal.isCurrent) await shell.run(restartJournal(), { signal });
    const test = 'logrotate --debug "$1" 2>/dev/null';
    for (const file of differingFiles(facts, [logRotation])) await shell.run(writeFile(file, test), { signal });
    await shell.run(startService("logrotate.timer"), { signal });
  },
  undo: {
    changes: [`Remove ${JOURNAL_DROP_IN} and the rotation of ${LOG_DIR}`],
    command: restoreJournal(JOURNAL_DROP_IN, LOG_ROTATION),
  },
};

function journalFile({ upkeep }: Facts) {
  return journalDropIn(upkeep.journal.foreign);
}

function missingSettings({ upkeep: { journal } }: Facts): (readonly [string, string])[] {
  return Object.entries(JOURNAL_SETTINGS).filter(
    ([key, value]) => !journal.foreign.includes(key) && journal.settings[key] !== value,
  );
}
