import { SSH_TRIAL } from "../commands/ssh.ts";
import { removeTrial } from "../commands/trial.ts";
import type { Facts } from "../facts.ts";
import { sshSettings, wantedSettings, wantedUsers, WEAK_ALGORITHMS } from "../files/ssh-settings.ts";
import { SSH_DROP_IN } from "../layout.ts";
import { proveByLogin } from "../prove-by-login.ts";
import type { Step } from "../step.ts";

const ABOUT_PASSWORDS: Readonly<Record<Facts["signedInWith"], readonly string[]>> = {
  key: [],
  password: ["From then on only keys log in: the app has its own"],
  nothing: ["Passwords stay allowed: this login has no key yet"],
};

/** Last of all: should a server refuse the second login, the team works there nevertheless. */
export const ssh: Step = {
  id: "ssh",
  title: "SSH login",
  area: "security",
  reason: "Passwords are guessed all day on every public address. A second login proves the settings before they stay.",
  needs: ["services", "login-key", "admin", "fail2ban", "firewall"],
  probes: ["ssh"],
  plan(facts) {
    const lines = [...planSettings(facts), ...planAlgorithms(facts), ...planUsers(facts)];
    if (lines.length === 0) return facts.ssh.isArmed ? ["Confirm the SSH settings with a second login"] : [];
    const first = `Write ${SSH_DROP_IN}, put back unless a second login succeeds`;
    return [first, ...lines, ...ABOUT_PASSWORDS[facts.signedInWith]];
  },
  async apply(context) {
    const hint = "Look at what the server's SSH log says of the login, then provision again.";
    await proveByLogin(context, { trial: SSH_TRIAL, text: sshSettings(context.facts).text, hint });
  },
  undo: {
    changes: [`Remove ${SSH_DROP_IN}: the server's own SSH settings count again`],
    command: removeTrial(SSH_TRIAL),
  },
};

function planSettings(facts: Facts): string[] {
  return wantedSettings(facts).flatMap(([keyword, value]) => {
    const found = facts.ssh.settings[keyword.toLowerCase()];
    return found === asSshdSays(value) ? [] : [`${keyword} ${value}`];
  });
}

/** `sshd -T` prints the older of two names. */
function asSshdSays(value: string): string {
  return value === "prohibit-password" ? "without-password" : value;
}

function planAlgorithms({ ssh: { settings } }: Facts): string[] {
  return Object.entries(WEAK_ALGORITHMS).flatMap(([keyword, patterns]) => {
    const offered = (settings[keyword.toLowerCase()] ?? "").split(",");
    const weak = offered.filter((name) => patterns.some((pattern) => matches(name, pattern)));
    return weak.length > 0 ? [`${keyword} without ${weak.join(", ")}`] : [];
  });
}

/** With `*` for anything, as sshd reads it. */
function matches(name: string, pattern: string): boolean {
  const [start = "", end] = pattern.split("*");
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end);
}

function planUsers(facts: Facts): string[] {
  const wanted = wantedUsers(facts);
  const missing = wanted.filter((name) => !facts.ssh.allowed.includes(name));
  if (missing.length === 0) return [];
  return [
    facts.ssh.allowed.length > 0 ? `Let ${missing.join(", ")} log in too` : `Let only ${wanted.join(", ")} log in`,
  ];
}
