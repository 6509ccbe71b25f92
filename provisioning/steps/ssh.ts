import { AppError } from "../../contract/errors.ts";
import { armSshSettings, confirmSshSettings, removeSshSettings, restoreSshSettings } from "../commands/ssh.ts";
import type { Facts } from "../facts.ts";
import { sshSettings, wantedSettings, wantedUsers, WEAK_ALGORITHMS } from "../files/ssh-settings.ts";
import { SSH_DROP_IN } from "../layout.ts";
import type { Step, StepContext } from "../step.ts";

/** Long enough for a second login over a slow line, short enough to wait for when it was refused. */
const ROLLBACK_SECONDS = 60;

/** Last of all: should a server refuse the second login, the team works there nevertheless. */
export const ssh: Step = {
  id: "ssh",
  title: "SSH login",
  area: "security",
  reason: "Passwords are guessed all day on every public address. A second login proves the settings before they stay.",
  needs: ["services", "login-key", "admin"],
  probes: ["ssh"],
  plan(facts) {
    const lines = [...planSettings(facts), ...planAlgorithms(facts), ...planUsers(facts)];
    if (lines.length === 0) return facts.ssh.isArmed ? ["Confirm the SSH settings with a second login"] : [];
    const instead = facts.signedInWith === "password" ? ["From then on only keys log in: the app has its own"] : [];
    return [`Write ${SSH_DROP_IN}, put back unless a second login succeeds`, ...lines, ...instead];
  },
  async apply(context) {
    const { shell, facts, signal, log } = context;
    await shell.run(armSshSettings(sshSettings(facts), ROLLBACK_SECONDS), { signal });
    log("Logging in a second time, with the new settings");
    await shell.logInAgain(signal).catch((failure: unknown) => putBack(context, failure));
    await shell.run(confirmSshSettings(), { signal });
  },
  undo: { changes: [`Remove ${SSH_DROP_IN}: the server's own SSH settings count again`], command: removeSshSettings() },
};

/** When the first connection is gone too, nothing was refused: the step is done again, or the timer puts back. */
async function putBack({ shell, signal, log }: StepContext, failure: unknown): Promise<never> {
  await shell.run(restoreSshSettings());
  log("The old SSH settings are back");
  if (signal.aborted) throw failure;
  throw new AppError("provision.step_failed", "The server refused a second login with the new SSH settings", {
    hint: "The old settings are back. Look at what the server's SSH log says of the login, then provision again.",
    details: failure instanceof Error ? failure.message : String(failure),
    cause: failure,
  });
}

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
