import { DAEMON_GROUPS, makeAccounts, removeAccounts } from "../commands/accounts.ts";
import type { Facts } from "../facts.ts";
import { AGENT_USERS, DAEMON_USER, FOLDERS, LOG_DIR, STATE_DIR, TEAM_GROUP, WORKSPACE } from "../layout.ts";
import type { Step } from "../step.ts";

export const accounts: Step = {
  id: "accounts",
  title: "Users and folders",
  area: "system",
  reason: "The daemon and each agent run as users of their own, so that the system itself keeps them apart.",
  needs: [],
  probes: ["accounts", "paths"],
  plan(facts) {
    return [...planUsers(facts), ...planLogin(facts), ...planFolders(facts)];
  },
  async apply({ shell, facts, signal }) {
    await shell.run(makeAccounts(facts.root === "login" ? null : facts.user), { signal });
  },
  undo: {
    changes: [
      `Remove the users ${DAEMON_USER}, ${AGENT_USERS.join(", ")} and what they run`,
      `Remove ${STATE_DIR}, ${LOG_DIR} and the programs`,
      `${WORKSPACE} stays, owned by root`,
    ],
    command: removeAccounts(),
  },
};

function planUsers(facts: Facts): string[] {
  const wanted: (readonly [string, readonly string[]])[] = [
    [DAEMON_USER, DAEMON_GROUPS],
    ...AGENT_USERS.map((user) => [user, [TEAM_GROUP]] as const),
  ];
  return wanted.flatMap(([user, groups]) => {
    const present = facts.users[user];
    if (!present) return [`Create the user ${user}`];
    const missing = groups.filter((group) => !present.includes(group));
    return missing.length > 0 ? [`Add ${user} to ${missing.join(", ")}`] : [];
  });
}

function planLogin(facts: Facts): string[] {
  if (facts.root === "login" || facts.users[facts.user]?.includes(DAEMON_USER)) return [];
  return [`Let ${facts.user} use the daemon (group ${DAEMON_USER})`];
}

function planFolders(facts: Facts): string[] {
  return FOLDERS.flatMap((folder) => {
    const found = facts.paths[folder.path];
    if (!found) return [`Create ${folder.path}`];
    const right = found.owner === folder.owner && found.mode === folder.mode;
    return right ? [] : [`Set owner ${folder.owner} and mode ${folder.mode} of ${folder.path}`];
  });
}
