import { expect, test } from "@playwright/test";
import { armSshSettings } from "../../provisioning/commands/ssh.ts";
import { SSH_DROP_IN } from "../../provisioning/layout.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { addLogin, openLabHost, provisionOn, unprovisionOn, type LabHost } from "../support/lab-server-host.ts";
import { run } from "../support/lab-server-run.ts";
import { labShell } from "../support/lab-server-shell.ts";
import { differences, stateOf } from "../support/server-state.ts";
import { until } from "../support/start-program.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 600_000 });

const CLOUD_INIT = "/etc/ssh/sshd_config.d/50-cloud-init.conf";
const PASSWORD = "lab-pass-4711";
let lab: Lab;
let app: LabHost;
let asRoot: string;
let before: readonly string[];

test.beforeAll(async () => {
  [lab, app] = await Promise.all([startLab({ name: "harden-ssh", address: 100, equipped: true }), openLabHost()]);
  await lab.sh(`printf 'PasswordAuthentication yes\\nPermitRootLogin yes\\n' >${CLOUD_INIT}; systemctl restart ssh`);
  await addLogin(lab, "ann", "ALL=(ALL) NOPASSWD: ALL");
  await lab.sh("useradd --create-home --shell /bin/bash pat; chpasswd", {
    input: `pat:${PASSWORD}\nann:${PASSWORD}\nroot:${PASSWORD}\n`,
  });
  asRoot = await app.addServer(lab, "root");
  before = await stateOf(lab);
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

/** A login from this machine with OpenSSH's own client; gives what it printed, or why it was refused. */
async function logIn(user: string, ...options: readonly string[]): Promise<string> {
  const known = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"];
  const key = ["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", lab.keyFile];
  // Of an option given twice, ssh takes the first.
  const login = ["ssh", "-F", "none", ...options, ...known, ...key, "-o", "ConnectTimeout=5"];
  const { stdout, stderr } = await run([...login, `${user}@${lab.address}`, "id -un; sudo -n id -un 2>/dev/null"]);
  return `${stdout}${stderr}`.trim();
}

/** What the server lets a user try; `password` among it means that it would take one. */
const methodsFor = (user: string) => logIn(user, "-o", "PubkeyAuthentication=no");

const settings = (keywords: string) => lab.sh(`sshd -T | grep -E '^(${keywords}) ' | sort`);

test("before, the file of cloud-init lets passwords in", async () => {
  expect(await methodsFor("root")).toContain("password");
});

test("provisioning wins over it: sshd refuses passwords, root's too, and says so itself", async () => {
  const result = await provisionOn(app, asRoot);
  expect(result.error).toBeUndefined();
  expect(await settings("passwordauthentication|permitrootlogin|maxauthtries|clientaliveinterval")).toBe(
    "clientaliveinterval 300\nmaxauthtries 3\npasswordauthentication no\npermitrootlogin without-password",
  );
  const refused = [await methodsFor("root"), await methodsFor("ann")];
  expect(refused.filter((answer) => !answer.endsWith("Permission denied (publickey)."))).toEqual([]);
  expect(await lab.sh("systemctl list-timers --all | grep -c ssh-rollback || true")).toBe("0");
});

test("root, the administrator and everybody who had a key log in; others do not", async () => {
  expect([await logIn("root"), await logIn("admin"), await logIn("ann")]).toEqual([
    "root\nroot",
    "admin\nroot",
    "ann\nroot",
  ]);
  await lab.sh(
    "install -d -m 700 -o pat -g pat ~pat/.ssh; install -m 600 -o pat -g pat ~root/.ssh/authorized_keys ~pat/.ssh/",
  );
  expect(await logIn("pat")).toContain("Permission denied");
  const asAnn = await app.addServer(lab, "ann");
  expect((await app.host.client.provision.plan({ serverId: asAnn, wishes: {} })).steps).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: "ssh", state: "satisfied" })]),
  );
});

test("weak algorithms are refused, and the app's own are spoken", async () => {
  expect(await logIn("root", "-o", "KexAlgorithms=ecdh-sha2-nistp256", "-o", "LogLevel=INFO")).toContain(
    "no matching key exchange",
  );
  expect(await logIn("root", "-c", "aes128-ctr", "-m", "hmac-sha1", "-o", "LogLevel=INFO")).toContain(
    "no matching MAC",
  );
  expect(await logIn("root", "-o", "KexAlgorithms=curve25519-sha256")).toBe("root\nroot");
});

test("a setting that locks everybody out is put back by the server itself", async () => {
  const before = await lab.sh(`cat ${SSH_DROP_IN}`);
  const wrong = { path: SSH_DROP_IN, mode: "644", text: "AllowUsers nobody-at-all\n" };
  await labShell(lab).run(armSshSettings(wrong, 5));
  expect(await logIn("root")).toContain("Permission denied");
  await until("root may log in again", async () => (await logIn("root")) === "root\nroot");
  expect(await lab.sh(`cat ${SSH_DROP_IN}`)).toBe(before);
});

test("a setting that sshd does not understand changes nothing", async () => {
  const before = await lab.sh(`cat ${SSH_DROP_IN}`);
  const broken = { path: SSH_DROP_IN, mode: "644", text: "NoSuchSetting yes\n" };
  await expect(labShell(lab).run(armSshSettings(broken, 600))).rejects.toMatchObject({ code: "provision.step_failed" });
  expect(await lab.sh(`cat ${SSH_DROP_IN}`)).toBe(before);
  expect(await logIn("root")).toBe("root\nroot");
});

test("settings that a person weakened are drift: named by the plan, and set right", async () => {
  await lab.sh(
    `sed -i 's/^PasswordAuthentication no/PasswordAuthentication yes/' ${SSH_DROP_IN}; systemctl restart ssh`,
  );
  const { steps } = await app.host.client.provision.plan({ serverId: asRoot, wishes: {} });
  expect(steps.filter(({ state }) => state === "needed").map(({ id, changes }) => [id, changes.slice(1)])).toEqual([
    ["ssh", ["PasswordAuthentication no"]],
  ]);
  expect(await provisionOn(app, asRoot)).toMatchObject({ ok: true, changed: 1 });
  expect(await methodsFor("root")).not.toContain("password");
});

test("a reboot changes nothing of it, nor does a second run", async () => {
  await lab.kill();
  await lab.boot();
  expect(await methodsFor("root")).not.toContain("password");
  expect(await logIn("admin")).toBe("admin\nroot");
  const plan = () => app.host.client.provision.plan({ serverId: asRoot, wishes: {} });
  const isAllTrue = async () => (await plan()).steps.every(({ state }) => state === "satisfied");
  await until("everything has started by itself", isAllTrue, 90_000);
  expect(await provisionOn(app, asRoot)).toMatchObject({ ok: true, changed: 0 });
});

test("taking it back leaves the server as it was before", async () => {
  expect(await unprovisionOn(app, asRoot)).toMatchObject({ ok: true });
  // Named in the removal plan, and the person's to delete.
  const left = ["+ folder /workspace root:root 2775"];
  expect(differences(before, await stateOf(lab))).toEqual(left);
  expect(await methodsFor("root")).toContain("password");
  expect(await lab.sh("find /home/admin '(' ! -user root -o -name .ssh ')' 2>/dev/null || true")).toBe("");
  expect(await logIn("ann")).toBe("ann\nroot");
});
