import { expect, test } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCli, type CliSettings } from "../support/cli.ts";
import { mustRun } from "../support/lab-server-run.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { addServer, expectAccessible, openPage } from "../support/page-session.ts";
import { fingerprintOf } from "../support/provisioned-lab.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 120_000 });

const folder = mkdtempSync(path.join(tmpdir(), "connect-"));
const otherKey = path.join(folder, "other-key");
const lockedKey = path.join(folder, "locked-key");
const PASSPHRASE = "correct horse";
let lab: Lab;
let known: string;

test.beforeAll(async () => {
  lab = await startLab({ name: "connect", address: 53 });
  known = await fingerprintOf(lab);
  await mustRun(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", otherKey]);
  await mustRun(["ssh-keygen", "-q", "-t", "ed25519", "-N", PASSPHRASE, "-f", lockedKey]);
  const locked = await mustRun(["cat", `${lockedKey}.pub`]);
  await lab.sh("cat >> /root/.ssh/authorized_keys", { input: locked });
  await lab.sh("useradd -m -s /bin/bash bob && cp -r /root/.ssh /home/bob/ && chown -R bob: /home/bob/.ssh");
});

test.afterAll(async () => {
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const freshHome = () => mkdtempSync(path.join(folder, "home-"));

interface Attempt extends CliSettings {
  readonly target?: string;
  readonly key?: string;
  readonly fingerprint?: string;
}

/** One `ai-infra provision` on an empty list, and what it left behind there and on the lab server. */
async function attempt({ target = `root@${lab.address}`, key = lab.keyFile, fingerprint = known, env = {} }: Attempt) {
  const before = await treeOf(lab);
  const cli = createCli(freshHome());
  const end = await cli(["provision", target, "--identity", key, "--accept-host-key", fingerprint, "--yes"], { env });
  const { servers } = (await cli(["servers"])).result as { servers: { provisioned: unknown }[] };
  expect(await treeOf(lab)).toBe(before);
  const { ok, code, message, hint } = end.result;
  return { exitCode: end.exitCode, ok, code, message: `${String(message)} ${String(hint)}`, servers };
}

/** Everything provisioning could change. */
async function treeOf(server: Lab): Promise<string> {
  return server.sh(
    "find /etc /opt /usr/local /root /home -xdev -type f -exec sha256sum {} + | sort; dpkg -l | sha256sum; getent passwd",
  );
}

const refused = (code: string, named: string) => ({
  exitCode: 1,
  ok: false,
  code,
  message: expect.stringContaining(named),
  servers: [],
});

test("a wrong key is told as refused, by whom and for whom", async () => {
  const result = await attempt({ key: otherKey });
  expect(result).toMatchObject(refused("connection.auth_failed", "root"));
  expect(result.message).toContain(lab.address);
});

test("a wrong passphrase names the key file, and the right one opens it", async () => {
  const wrong = await attempt({ key: lockedKey, env: { AI_INFRA_PASSPHRASE: "wrong" } });
  expect(wrong).toMatchObject(refused("connection.passphrase_wrong", lockedKey));
  expect(await attempt({ key: lockedKey })).toMatchObject(refused("connection.passphrase_needed", lockedKey));

  const login = ["--identity", lockedKey, "--accept-host-key", known, "--plan"];
  const right = await createCli(freshHome())(["provision", `root@${lab.address}`, ...login], {
    env: { AI_INFRA_PASSPHRASE: PASSPHRASE },
  });
  expect(right).toMatchObject({ exitCode: 0, result: { ok: true } });
});

test("a server behind a jump host is reached from there, and both keys have to be accepted", async () => {
  const cli = createCli(freshHome());
  // From the lab server, itself: the only machine that knows this address as its own.
  const way = ["provision", "root@127.0.0.1", "--jump", `root@${lab.address}`, "--identity", lab.keyFile, "--plan"];
  const unknown = { exitCode: 1, result: { code: "connection.host_key_unknown" } };
  const first = await cli(way);
  expect(first).toMatchObject(unknown);
  expect(first.result["hint"]).toContain(`--accept-jump-key ${known}`);
  const second = await cli([...way, "--accept-jump-key", known]);
  expect(second).toMatchObject(unknown);
  expect(second.result["hint"]).toContain(`--accept-host-key ${known}`);
  const both = await cli([...way, "--accept-jump-key", known, "--accept-host-key", known]);
  expect(both).toMatchObject({ exitCode: 0, result: { ok: true, plan: { facts: { user: "root" } } } });
  expect((await cli(["servers"])).result["servers"]).toMatchObject([
    { place: { jump: { hostKey: { fingerprint: known } } } },
  ]);
});

test("a key file that is not there, or is no key, is named", async () => {
  const missing = path.join(folder, "no-such-key");
  expect(await attempt({ key: missing })).toMatchObject(refused("connection.key_unreadable", missing));
  expect(await attempt({ key: "/etc/hostname" })).toMatchObject(refused("connection.key_unreadable", "/etc/hostname"));
});

test("an address without a machine, a closed port and a port that is not SSH are told apart", async () => {
  expect(await attempt({ target: "root@10.99.0.199" })).toMatchObject(refused("connection.unreachable", "10.99.0.199"));
  expect(await attempt({ target: `root@${lab.address}:2222` })).toMatchObject(refused("connection.refused", "2222"));

  const web = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(web, "listening");
  const { port } = web.address() as AddressInfo;
  expect(await attempt({ target: `root@127.0.0.1:${port}` })).toMatchObject(
    refused("connection.not_ssh", `127.0.0.1:${port}`),
  );
  web.close();
});

test("an unknown host key is refused when it is not the accepted one, and without an answer", async () => {
  const other = `SHA256:${"A".repeat(43)}`;
  const result = await attempt({ fingerprint: other });
  expect(result).toMatchObject({ exitCode: 1, ok: false, servers: [] });
  expect(String(result.code)).toMatch(/^connection\.host_key_/);
  expect(result.message).toContain(known);
});

test("a user without sudo and a full disk are named, and the server stays as it was", async () => {
  const notProvisioned = [{ provisioned: null }];
  const bob = await attempt({ target: `bob@${lab.address}` });
  expect(bob).toMatchObject({ ...refused("provision.no_sudo", "bob"), servers: notProvisioned });

  await lab.sh("mount -t tmpfs -o size=50m full /opt");
  const full = await attempt({});
  await lab.sh("umount /opt");
  expect(full).toMatchObject({ ...refused("provision.disk_full", "/opt"), servers: notProvisioned });
});

test("the page says that the server refused the key, keeps nothing half-done on it, and goes on with another one", async ({
  browser,
}) => {
  const before = await treeOf(lab);
  const session = await openPage(browser, freshHome());
  const { page } = session;
  try {
    await page.getByRole("button", { name: "Add a server" }).click();
    await addServer(page, { host: lab.address, user: "root", keyFile: otherKey });
    await page.getByRole("button", { name: "It matches, connect" }).click();
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("The server did not accept the login", { timeout: 15_000 });
    await expect(alert).toContainText("root");
    expect(await treeOf(lab)).toBe(before);

    await page.getByRole("button", { name: "Change login…" }).click();
    const dialog = page.getByRole("dialog", { name: `How to reach ${lab.address}` });
    await expect(dialog.getByRole("textbox", { name: "Private key" })).toHaveValue(otherKey);
    await expectAccessible(page, "change of a login");
    await dialog.getByRole("textbox", { name: "Private key" }).fill(lab.keyFile);
    await dialog.getByRole("button", { name: "Save and connect" }).click();
    await expect(page.getByRole("banner").getByText(/^Connected/)).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText(/of \d+ steps to do/)).toBeVisible({ timeout: 30_000 });
  } finally {
    await session.close();
  }
});

test("a changed host key is refused before anything secret is sent, and both fingerprints are shown", async ({
  browser,
}) => {
  const home = freshHome();
  const cli = createCli(home);
  const login = ["--identity", lab.keyFile, "--accept-host-key", known];
  expect(await cli(["provision", `root@${lab.address}`, ...login, "--plan"])).toMatchObject({ exitCode: 0 });
  const found = await installAnew(lab);

  const refusal = await cli(["status"]);
  expect(refusal).toMatchObject({ exitCode: 1, result: { ok: false, code: "connection.host_key_changed" } });
  for (const fingerprint of [known, found]) expect(refusal.result["message"]).toContain(fingerprint);
  const again = await cli(["provision", `root@${lab.address}`, ...login, "--yes"]);
  expect(again).toMatchObject({ exitCode: 1, result: { code: "connection.host_key_changed" } });

  const session = await openPage(browser, home);
  const { page } = session;
  try {
    await page.getByRole("navigation").getByRole("button", { name: "Server", exact: true }).click();
    const card = page.getByRole("region", { name: "Changed host key" });
    await expect(card.getByText("SHA256:").locator("..")).toHaveText([known, found], { timeout: 15_000 });
    await expect(card.getByRole("button", { name: "Trust the key of today" })).toBeDisabled();
  } finally {
    await session.close();
  }

  const log = await lab.sh("journalctl -q -u ssh.service -o cat");
  expect(log).toContain("Connection from");
  expect(log).not.toContain("userauth-request");
  expect(log).not.toContain("Accepted");
});

/** New host keys, as after a new installation, and an SSH server that tells all it is asked. Its log begins anew. */
async function installAnew(server: Lab): Promise<string> {
  await server.sh(`
    rm /etc/ssh/ssh_host_*; ssh-keygen -A
    echo 'LogLevel DEBUG2' > /etc/ssh/sshd_config.d/debug.conf
    journalctl -q --rotate; journalctl -q --vacuum-time=1s
    systemctl restart ssh.service`);
  return fingerprintOf(server);
}
