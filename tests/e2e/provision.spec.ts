import { expect, test } from "@playwright/test";
import type { RunEvent, RunResult } from "../../contract/provision.ts";
import { installPackages } from "../../provisioning/commands/apt.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import {
  addLogin,
  openLabHost,
  provisionOn,
  stepsThat,
  unprovisionOn,
  type LabHost,
} from "../support/lab-server-host.ts";
import { labShell } from "../support/lab-server-shell.ts";
import { until } from "../support/start-program.ts";
import { quickestMs } from "../support/quickest.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let lab: Lab;
let app: LabHost;
let otherApp: LabHost;
let asRoot: string;
let asAnn: string;

test.beforeAll(async () => {
  const hosts = [openLabHost(), openLabHost()] as const;
  [lab, app, otherApp] = await Promise.all([startLab({ name: "provision", address: 21 }), ...hosts]);
  await addLogin(lab, "ann", "ALL=(ALL) NOPASSWD: ALL");
  await addLogin(lab, "bob", "");
  asRoot = await app.addServer(lab, "root");
  asAnn = await app.addServer(lab, "ann");
});

test.afterAll(async () => {
  await app?.close();
  await otherApp?.close();
  await lab?.stop();
});

/** Every file of /etc with its content and rights, the log of accounts' last changes left out. */
const LIST_ETC = "find /etc -type f ! -name '*-' -exec stat -c '%n %U:%G %a' {} + -exec sha256sum {} + | sort";

test("a user without sudo and a full disk are refused before anything changes", async () => {
  const before = await lab.sh(LIST_ETC);
  const asBob = await app.addServer(lab, "bob");
  const refusedBob = await provisionOn(app, asBob);
  await lab.sh("mount -t tmpfs -o size=50m full /opt");
  const refusedFull = await provisionOn(app, asRoot);
  await lab.sh("umount /opt");
  expect(refusedBob).toMatchObject({ ok: false, changed: 0, error: { code: "provision.no_sudo" } });
  expect(refusedFull).toMatchObject({ ok: false, changed: 0, error: { code: "provision.disk_full" } });
  expect(refusedFull.error?.message).toContain("/opt has 50 MB free");
  expect(await lab.sh(LIST_ETC)).toBe(before);
});

test("root provisions a fresh server in one go: another installation is waited for, a cut network is survived, a second app watches", async () => {
  const otherInstallation = lab.exec(HOLD_LOCKS, { timeoutMs: 120_000 });
  await until("the locks are held", async () => (await lab.exec("test -e /tmp/held")).exitCode === 0);
  let healed: Promise<void> | undefined;
  let watching: ReturnType<typeof watchOnOtherApp> | undefined;
  let patience: Promise<unknown> | undefined;
  let running: ReturnType<typeof lab.exec> | undefined;
  const log: string[] = [];
  const result = await provisionOn(app, asRoot, (event) => {
    if (event.type === "step_started") watching ??= watchOnOtherApp();
    if (event.type === "step_progress" && event.id === "packages" && event.done > 55) healed ??= cutForTenSeconds();
    if (event.type !== "step_log") return;
    log.push(event.line);
    if (event.line.startsWith(WAITING)) patience ??= loseItsPatience();
    if (event.line.startsWith("Processing triggers")) running ??= lab.exec("pgrep -lx 'postgres|redis-server|nginx'");
  });
  await healed;
  expect((await otherInstallation).exitCode).toBe(0);
  expect(await patience).toMatchObject({
    code: "provision.step_failed",
    details: expect.stringMatching(/did not end within 1 seconds: python3 \(process \d+\)/),
  });
  expect(log).toContainEqual(expect.stringMatching(/to end: python3 \(process \d+\)$/));
  expect(log).toEqual(expect.arrayContaining(["The connection broke; going on when it is back"]));
  expect(result.error).toBeUndefined();
  // All packages were set up by then, and no service ran as its package sets it up.
  expect((await running)?.stdout).toBe("");
  expect((await lab.exec("test -e /usr/sbin/policy-rc.d")).exitCode).toBe(1);
  // Its host's memory and clock, no Docker wished, GitHub out of reach, and a login that has a key.
  expect(stepsThat("unchanged", result)).toEqual(["swap", "clock", "docker", "qdrant", "login-key"]);
  expect(stepsThat("changed", result)).toHaveLength(result.steps.length - 5);

  const watched = await watching;
  expect(watched?.result).toMatchObject({ ok: true, changed: 0 });
  const seen = watched?.events.flatMap((event) => (event.type === "step_ended" ? [event.result] : [])) ?? [];
  expect(
    seen
      .slice(0, result.steps.length)
      .map(({ id, state }) => `${id} ${state}`)
      .sort(),
  ).toEqual(result.steps.map(({ id, state }) => `${id} ${state}`).sort());
  expect(watched?.events.filter(({ type }) => type === "joined")).toHaveLength(1);
  expect(await lab.sh("grep -c '^Commandline: .*install' /var/log/apt/history.log")).toBe("1");
});

/** Presses Provision in an app on another computer. */
async function watchOnOtherApp(): Promise<{ events: RunEvent[]; result: RunResult }> {
  const events: RunEvent[] = [];
  const id = await otherApp.addServer(lab, "root");
  expect((await unprovisionOn(otherApp, id)).error).toMatchObject({ code: "provision.busy" });
  return { result: await provisionOn(otherApp, id, (event) => events.push(event)), events };
}

const WAITING = "Waiting for another package installation to end";

/** Somebody who waits for a second only is told whom for; then the locks are let go. */
async function loseItsPatience(): Promise<unknown> {
  const failure = await labShell(lab)
    .run(installPackages(["tmux"], { patienceSeconds: 1 }))
    .catch((error: unknown) => error);
  await lab.sh("touch /tmp/release");
  return failure;
}

/** What `unattended-upgrades` holds on a server that just booted; let go when there is a file `/tmp/release`. */
const HOLD_LOCKS = [
  "python3",
  "-c",
  `
import fcntl, os, time
held = [open(path, "w") for path in ("/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend")]
for file in held: fcntl.lockf(file, fcntl.LOCK_EX)
open("/tmp/held", "w").close()
while not os.path.exists("/tmp/release"): time.sleep(0.05)
`,
];

/** The login's processes die too, so that the connection is surely gone and not only slow. */
async function cutForTenSeconds(): Promise<void> {
  await lab.exec(["pkill", "-KILL", "-f", "^sshd: root"]);
  await lab.cutNetwork();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await lab.restoreNetwork();
}

test("a second run changes nothing in at most five seconds", async () => {
  const before = await lab.sh(LIST_ETC);
  const quickest = await quickestMs(5_000, async () =>
    expect(await provisionOn(app, asRoot)).toMatchObject({ ok: true, changed: 0 }),
  );
  expect(await lab.sh(LIST_ETC)).toBe(before);
  expect(quickest).toBeLessThan(5_000);
});

test("Redis keeps what it was told, answers this machine only, and refuses without the password", async () => {
  expect(await lab.sh("redis-cli ping")).toContain("NOAUTH");
  expect(await lab.sh("ss -Hltn sport = :6379 | awk '{ print $4 }'")).toBe("127.0.0.1:6379");
  const withPassword = `REDISCLI_AUTH=$(sed -n 's/^requirepass //p' /etc/redis/ai-infrastructure.conf) redis-cli`;
  await lab.sh(`${withPassword} set kept yes; sleep 1.5; pkill -9 redis-server; systemctl restart redis-server`);
  expect(await lab.sh(`${withPassword} get kept`)).toBe("yes");
  // A key that is not the team's would make the next fresh run refuse this Redis.
  await lab.sh(`${withPassword} del kept`);
});

test("PostgreSQL lets the daemon's user in by its Unix user alone, and nobody else", async () => {
  const asUser = (user: string) =>
    lab.exec(["runuser", "-u", user, "--", "psql", "-XAtc", "select current_user", "-d", "ai_infrastructure"]);
  expect((await asUser("ai-infra")).stdout).toBe("ai-infra\n");
  expect((await asUser("ai-code")).exitCode).not.toBe(0);
});

test("a given model key is stored encrypted, survives the next run, and is on no command line or disk in the clear", async () => {
  const watching = lab.sh(WATCH_COMMAND_LINES);
  await app.host.client.provision.setModelKey({ serverId: asRoot, key: "sk-lab-0123456789" });
  await lab.sh("touch /tmp/watched");
  await watching;
  const again = await provisionOn(app, asRoot);
  expect({ ok: again.ok, changed: again.changed }).toEqual({ ok: true, changed: 0 });
  expect(await lab.sh('grep -c \'"model": "anthropic"\' /etc/ai-infrastructure/daemon.json')).toBe("1");
  const leak = await lab.exec(
    "grep -rlF sk-lab-0123456789 /etc /opt /run/systemd/system /var/log /var/lib/ai-infrastructure",
  );
  expect(leak.stdout).toBe("");
  const seen = await lab.sh("cat /tmp/seen");
  expect(seen).toContain("systemd-creds");
  expect(seen).not.toContain("sk-lab-0123456789");
});

/** Collects the command lines of all processes until there is a file `/tmp/watched`. */
const WATCH_COMMAND_LINES = `
while [ ! -e /tmp/watched ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' >>/tmp/seen; done`;

test("taking it back leaves the workspace, and a failed run goes on where it stopped", async () => {
  await lab.sh("echo kept > /workspace/kept.txt");
  expect(await unprovisionOn(app, asRoot)).toMatchObject({ ok: true });
  expect(
    await lab.sh(
      "ls -d /opt/ai-infrastructure /etc/ai-infrastructure /var/lib/ai-infrastructure 2>/dev/null; getent passwd | grep -c ^ai- || true",
    ),
  ).toBe("0");
  expect(await lab.sh("cat /workspace/kept.txt; redis-cli ping")).toBe("kept\nPONG");

  await lab.sh("mv /etc/redis/redis.conf /etc/redis/away");
  const failed = await provisionOn(app, asRoot);
  expect(failed).toMatchObject({ ok: false, error: { code: "provision.step_failed" } });
  expect(stepsThat("failed", failed)).toEqual(["redis"]);
  expect(failed.error?.details).toContain("redis.conf");
  expect(failed.error?.hint).not.toBe("");

  await lab.sh("mv /etc/redis/away /etc/redis/redis.conf");
  const continued = await provisionOn(app, asRoot);
  expect(continued.error).toBeUndefined();
  expect(stepsThat("unchanged", continued)).toEqual(expect.arrayContaining(["accounts", "packages", "runtime"]));
  expect(stepsThat("changed", continued)).toEqual(expect.arrayContaining(["redis", "services"]));
});

test("a sudo user's run cancelled while apt unpacks leaves no package half-way; one that was killed is repaired", async () => {
  expect(await unprovisionOn(app, asRoot)).toMatchObject({ ok: true });
  await lab.sh(PURGE, { timeoutMs: 120_000 });
  const cancelled = await provisionOn(app, asAnn, (event) => {
    if (isUnpacking(event)) void app.host.client.provision.cancel({ serverId: asAnn });
  });
  expect(cancelled).toMatchObject({ ok: false, error: { code: "app.cancelled" } });
  expect(await lab.sh("dpkg --audit; ls /var/lib/dpkg/updates; pgrep -x apt-get || true")).toBe("");

  await lab.sh(PURGE, { timeoutMs: 120_000 });
  const killed = await provisionOn(app, asAnn, (event) => {
    if (isUnpacking(event)) void lab.exec("pkill -KILL -x dpkg; pkill -KILL -x apt-get");
  });
  expect(killed).toMatchObject({ ok: false, error: { code: "provision.step_failed" } });
  expect(await lab.sh("dpkg --audit; ls /var/lib/dpkg/updates")).not.toBe("");

  const log: string[] = [];
  const repaired = await provisionOn(app, asAnn, (event) => event.type === "step_log" && log.push(event.line));
  expect(repaired.error).toBeUndefined();
  expect(log).toContain("Finishing an interrupted package installation");
  expect(await lab.sh("dpkg --audit; ls /var/lib/dpkg/updates; ls /usr/sbin | grep policy-rc || true")).toBe("");
});

for (const state of ["half-installed", "unpacked", "half-configured"]) {
  test(`a package that a kill left ${state} and torn is installed anew`, async () => {
    const status = "dpkg-query -W -f '${db:Status-Abbrev}' socat";
    await lab.sh(`sed -i '/^Package: socat$/,/^$/ s/^Status: .*/Status: install reinstreq ${state}/' /var/lib/dpkg/status
      rm "$(command -v socat)"`);
    expect(await lab.sh(status)).toMatch(/^i.R$/);
    await labShell(lab).run(installPackages(["tmux"]));
    expect(await lab.sh(`${status}; socat -V | head -n 1`)).toMatch(/^ii socat by Gerhard Rieger/);
  });
}

test("somebody's own say about which services start stays, and decides", async () => {
  const policy = "#!/bin/sh\n# The administrator's.\nexit 0";
  await lab.sh(`printf '%s' "$(cat)" >/usr/sbin/policy-rc.d`, { input: policy });
  await labShell(lab).run(installPackages(["socat"], { startLater: ["nginx"] }));
  expect(await lab.sh("cat /usr/sbin/policy-rc.d; rm /usr/sbin/policy-rc.d")).toBe(policy);
});

const PURGE = "DEBIAN_FRONTEND=noninteractive apt-get -q -y purge 'postgresql*' 'redis*' ripgrep socat";

function isUnpacking(event: RunEvent): boolean {
  return event.type === "step_progress" && event.id === "packages" && event.done > 50;
}

test("a daemon that does not start is taken back and no agent's window is closed; one that does stays, with the former kept", async () => {
  const consoles = () =>
    lab.sh("tmux -S /run/ai-infrastructure/tmux/tmux.sock list-panes -a -F '#{window_name} #{pane_pid}'");
  const current = () => lab.sh("readlink /opt/ai-infrastructure/current");
  const before = [await consoles(), await current(), await lab.sh(LIST_ETC)];
  const broken = await openLabHost({ changeDaemon: () => 'console.error("broken on purpose"); process.exit(1);\n' });
  try {
    const failed = await provisionOn(broken, await broken.addServer(lab, "root"));
    expect(failed).toMatchObject({ ok: false, error: { code: "provision.upgrade_failed" } });
    expect(failed.error?.message).toContain("runs again");
    expect(failed.error?.details).toContain("broken on purpose");
  } finally {
    await broken.close();
  }
  expect([await consoles(), await current(), await lab.sh(LIST_ETC)]).toEqual(before);
  const { steps } = await app.host.client.provision.plan({ serverId: asRoot, wishes: {} });
  expect(steps.filter(({ state }) => state === "needed")).toEqual([]);

  const newer = await openLabHost({ changeDaemon: (bundle) => `${bundle}\n// Another release.\n` });
  try {
    const upgraded = await provisionOn(newer, await newer.addServer(lab, "root"));
    expect(upgraded.error).toBeUndefined();
    expect(stepsThat("unchanged", upgraded)).toContain("memory-model");
  } finally {
    await newer.close();
  }
  const former = before[1] ?? "";
  expect(await current()).not.toBe(former);
  expect((await lab.sh("ls -d /opt/ai-infrastructure/releases/*")).split("\n").toSorted()).toEqual(
    [former, await current()].toSorted(),
  );
});
