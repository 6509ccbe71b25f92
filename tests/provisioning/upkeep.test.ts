import { expect, test } from "vitest";
import type { Wishes } from "../../contract/provision.ts";
import { choicesFile, choicesOf } from "../../provisioning/choices.ts";
import { parseLines } from "../../provisioning/fact-lines.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { journalDropIn } from "../../provisioning/files/logs.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { updatesConfig, updateSettings } from "../../provisioning/files/updates.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { KERNEL_SETTINGS } from "../../provisioning/kernel-settings.ts";
import { toUpkeep, type Upkeep } from "../../provisioning/upkeep.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const UBUNTU = { id: "ubuntu", version: "24.04", name: "Ubuntu 24.04.3 LTS" };
const recorded = (text: string): Partial<Facts> => ({ upkeep: toUpkeep(parseLines(text)) });
const upkeep = (changes: Partial<Upkeep>) => ({ upkeep: { ...freshDebian.upkeep, ...changes } });
function stepOf(id: string, changes: Partial<Facts>, wishes: Wishes = {}) {
  const { steps } = makePlan("s", { ...freshDebian, ...changes }, { ...wanted, wishes });
  const { changes: lines, note } = steps.find((step) => step.id === id) ?? {};
  return { lines, note };
}
const asOurs = ({ path, text, mode }: { path: string; text: string; mode: string }) => ({
  [path]: { owner: "root:root", mode, sha256: sha256(text) },
});

/** As Ubuntu's own files have it. */
const UBUNTU_UPDATES = `updates.setting\tAPT::Periodic::Update-Package-Lists "1";
updates.setting\tAPT::Periodic::Unattended-Upgrade "1";
updates.setting\tUnattended-Upgrade::Allowed-Origins:: "\${distro_id}:\${distro_codename}";
updates.setting\tUnattended-Upgrade::Allowed-Origins:: "\${distro_id}:\${distro_codename}-security";
updates.timers\tyes
`;

test("on Ubuntu the list that lets all updates in is emptied, and the security updates of Ubuntu are named", () => {
  expect(stepOf("updates", { distribution: UBUNTU, ...recorded(UBUNTU_UPDATES) })).toEqual({
    lines: [
      "Write /etc/apt/apt.conf.d/zz-ai-infrastructure",
      "Empty Unattended-Upgrade::Allowed-Origins",
      'Unattended-Upgrade::Origins-Pattern:: "origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu"',
      'Unattended-Upgrade::Origins-Pattern:: "origin=UbuntuESMApps,archive=${distro_codename}-apps-security"',
      'Unattended-Upgrade::Origins-Pattern:: "origin=UbuntuESM,archive=${distro_codename}-infra-security"',
      'Unattended-Upgrade::Automatic-Reboot "false"',
    ],
    note: "The server never restarts by itself: an update of the kernel counts from your next restart on.",
  });
});

test("a file of ours is not believed when another file says otherwise to apt", () => {
  const settings = updateSettings("debian", "never");
  const paths = asOurs(updatesConfig(settings));
  const says = (more: object) => ({
    paths,
    ...upkeep({ updates: { settings: { ...settings, ...more }, hasTimers: true } }),
  });
  expect(stepOf("updates", says({})).lines).toEqual([]);
  const all = [...(settings["Unattended-Upgrade::Origins-Pattern::"] ?? []), "origin=*"];
  expect(stepOf("updates", says({ "Unattended-Upgrade::Origins-Pattern::": all })).lines).toHaveLength(2);
  expect(stepOf("updates", says({ "APT::Periodic::Unattended-Upgrade": ["0"] })).lines).toEqual([
    'APT::Periodic::Unattended-Upgrade "1"',
  ]);
});

test("the time of restarts is asked once, and kept on the server until somebody wishes another", () => {
  const wished = stepOf("updates", {}, { rebootAt: "04:00" });
  expect(wished.lines?.slice(-2)).toEqual([
    'Unattended-Upgrade::Automatic-Reboot "true"',
    'Unattended-Upgrade::Automatic-Reboot-Time "04:00"',
  ]);
  const kept = upkeep({ choices: choicesFile(choicesOf(freshDebian, { wishes: { rebootAt: "04:00" } })).text });
  expect(stepOf("updates", kept)).toEqual(wished);
  expect(stepOf("updates", kept, { rebootAt: "never" })).toEqual(stepOf("updates", {}));
});

const install = (changes: Partial<Facts>) => stepOf("packages", changes).lines?.join("\n");

test("a server whose clock nobody keeps gets systemd-timesyncd; one with chrony goes on with it", () => {
  expect(stepOf("clock", {})).toEqual({ lines: ["Start systemd-timesyncd, at boot too"], note: undefined });
  expect(install({})).toContain("Install systemd-timesyncd (keeps the clock)");
  const chrony = (isRunning: boolean) => upkeep({ clock: { service: "chrony", isRunning } });
  const note = "chrony was here already and keeps the clock.";
  expect(stepOf("clock", chrony(true))).toEqual({ lines: [], note });
  expect(stepOf("clock", chrony(false))).toEqual({ lines: ["Start chrony, at boot too"], note });
  expect(install(chrony(true))).not.toContain("timesyncd");
});

test("a container's clock is its host's", () => {
  const container = { preflight: { ...freshDebian.preflight, container: true } };
  expect(stepOf("clock", container)).toEqual({
    lines: [],
    note: "This server is a container: its host sets the clock.",
  });
  expect(install(container)).not.toContain("timesyncd");
});

/** A container on a kernel without Yama, where somebody has set some values. */
const KERNEL = `kernel.value\tkernel/kptr_restrict 0 r
kernel.value\tkernel/unprivileged_bpf_disabled 1 w
kernel.value\tfs/suid_dumpable 1 w
kernel.value\tnet/ipv4/conf/all/send_redirects 1 w
kernel.value\tnet/ipv4/conf/eth0.7/send_redirects 0 w
kernel.value\tnet/ipv6/conf/eth0.7/accept_redirects 1 w
kernel.foreign\tnet.ipv6.conf.eth0/7.accept_redirects
`;

test("of the kernel's values, those that may be set are, those of others and better ones stay, the rest is told", () => {
  const { lines, note } = stepOf("kernel", recorded(KERNEL));
  expect(lines).toEqual([
    "Write /etc/sysctl.d/99-zz-ai-infrastructure.conf",
    "fs.suid_dumpable = 0: the memory of programs with more rights is not written to files of users",
    "net.ipv4.conf.*.send_redirects = 0: this server is no router that advises others",
  ]);
  expect(note).toMatch(/^Only the host of this container may set kernel\.kptr_restrict\. This kernel does not show /);
  expect(note).toContain("kernel.yama.ptrace_scope");
  expect(note).toMatch(/Set by somebody else and left alone: net\.ipv6\.conf\.\*\.accept_redirects\.$/);
});

test("nothing is set that Docker, bubblewrap or Chromium need otherwise", () => {
  const needed = /ip_forward|\/forwarding|userns|bridge-nf|rp_filter|max_user_namespaces/;
  expect(KERNEL_SETTINGS.filter(({ path }) => needed.test(path))).toEqual([]);
});

/** As `systemd-analyze cat-config` names files, where somebody has set a size before and after ours. */
const JOURNAL = `journal.setting\t/etc/systemd/journald.conf.d/10-theirs.conf SystemMaxUse=200M
journal.setting\t/etc/systemd/journald.conf.d/ai-infrastructure.conf Storage=persistent
journal.setting\t/etc/systemd/journald.conf.d/ai-infrastructure.conf RuntimeMaxUse=100M
journal.current\tyes
rotation\tyes
`;

test("a size of the journal that somebody else has set stays, and the plan says so", () => {
  const { lines, note } = stepOf("logs", { ...recorded(JOURNAL), paths: asOurs(journalDropIn(["SystemMaxUse"])) });
  expect(lines).toEqual(["Write /etc/logrotate.d/ai-infrastructure"]);
  expect(note).toBe("Set by somebody else and left alone: SystemMaxUse.");
});

test("a journal that was not started since its settings were written is started again", () => {
  const found = {
    ...recorded(JOURNAL.replace("journal.current\tyes\n", "")),
    paths: asOurs(journalDropIn(["SystemMaxUse"])),
  };
  expect(stepOf("logs", found).lines).toContain("Restart systemd-journald");
});
