import { DAEMON_USER, JOURNAL_DROP_IN, LOG_DIR, LOG_ROTATION } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** Enough for months, and less than a small disk. The services of the team write here. */
export const JOURNAL_SETTINGS: Readonly<Record<string, string>> = {
  Storage: "persistent",
  SystemMaxUse: "1G",
  RuntimeMaxUse: "100M",
};

/** What somebody else has set stays theirs. */
export function journalDropIn(foreign: readonly string[]): OurFile {
  const lines = Object.entries(JOURNAL_SETTINGS)
    .filter(([key]) => !foreign.includes(key))
    .map(([key, value]) => `${key}=${value}`);
  return {
    path: JOURNAL_DROP_IN,
    mode: "644",
    text: `# Written by AI Infrastructure.\n[Journal]\n${lines.join("\n")}\n`,
  };
}

/** Whoever writes may keep the file open, so it is copied and emptied. The folder is not root's: neither is who rotates. */
export const logRotation: OurFile = {
  path: LOG_ROTATION,
  mode: "644",
  text: `# Written by AI Infrastructure.
${LOG_DIR}/*.log {
    su ${DAEMON_USER} ${DAEMON_USER}
    weekly
    maxsize 50M
    rotate 8
    compress
    copytruncate
    missingok
    notifempty
}
`,
};
