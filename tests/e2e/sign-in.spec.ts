import { expect, test } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Answer, Connection, Question, SshAuth } from "../../contract/servers.ts";
import { readFacts } from "../../provisioning/facts.ts";
import { loginKey } from "../../provisioning/steps/login-key.ts";
import { ssh } from "../../provisioning/steps/ssh.ts";
import { wanted } from "../provisioning/server-stand-in.ts";
import { openLabHost, provisionOn, type LabHost } from "../support/lab-server-host.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { until } from "../support/start-program.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 120_000 });

const PASSWORD = "korrekt Pferd 7 'Batterie\"";
let lab: Lab;
let app: LabHost;
let folder: string;
let agent: ChildProcess;
/** One server is in the app at a time: its address and user may be there once only. */
let serverId: string | null = null;

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "ai-infra-sign-in-"));
  [lab, app] = await Promise.all([startLab({ name: "sign-in", address: 94 }), openLabHost()]);
  await lab.sh("useradd --create-home --shell /bin/bash --groups sudo pat; chpasswd", { input: `pat:${PASSWORD}\n` });
});

test.afterEach(async () => {
  if (serverId) await app.host.client.servers.remove({ id: serverId });
  serverId = null;
});

test.afterAll(async () => {
  agent?.kill();
  await app?.close();
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function add(auth: SshAuth): Promise<string> {
  const address = { host: lab.address, port: 22, user: "pat" };
  serverId = (await app.host.client.servers.add({ address, auth })).id;
  await app.host.client.servers.connect({ id: serverId });
  return serverId;
}

async function connection(id: string): Promise<Connection> {
  const found = (await app.host.client.servers.list()).find(({ server }) => server.id === id);
  if (!found) throw new Error(`${id} is not in the list`);
  return found.connection;
}

/** Answers what is asked until the connection stands or is refused; gives what was asked and how it ended. */
async function signIn(id: string, answers: readonly Answer[] = []) {
  const asked: Question[] = [];
  const left = [...answers];
  const end = await until("an end of signing in", async () => {
    const now = await connection(id);
    if (now.state === "online" || now.state === "refused") return now;
    if (now.state !== "asking") return null;
    const { question } = now;
    const isHostKey = question.kind === "host_key";
    const answer = isHostKey ? { kind: question.kind, fingerprint: question.hostKey.fingerprint } : left.shift();
    if (!answer) throw new Error(`Asked once too often: ${JSON.stringify(question)}`);
    if (!isHostKey) asked.push(question);
    await app.host.client.servers.answer({ id, answer });
    return null;
  });
  return { asked, end };
}

/** The server's side of the login dies; the app has to notice and come back by itself, asking nothing. */
async function comesBackByItself(id: string): Promise<void> {
  const before = await connection(id);
  // The server lets in before it has a process of that user.
  await until("the login dies", async () => (await lab.exec(["pkill", "-KILL", "-u", "pat", "sshd"])).exitCode === 0);
  await until("the connection stands again", async () => {
    const now = await connection(id);
    if (now.state === "asking") throw new Error(`Asked again: ${JSON.stringify(now.question)}`);
    return now.state === "online" && before.state === "online" && now.since !== before.since;
  });
}

const password = (text: string): Answer => ({ kind: "password", password: text });
const askedFor = { kind: "password", user: "pat" };

for (const [way, settings] of [
  ["a password", "PasswordAuthentication yes\nKbdInteractiveAuthentication no\n"],
  ["the same by keyboard-interactive", "PasswordAuthentication no\nKbdInteractiveAuthentication yes\n"],
] as const) {
  test(`${way} is asked for once, again when it was wrong, and not at a reconnect`, async () => {
    await lab.sh("cat >/etc/ssh/sshd_config.d/test.conf; systemctl reload ssh", { input: settings });
    const id = await add({ kind: "password" });
    const { asked, end } = await signIn(id, [password("not it"), password(PASSWORD)]);
    expect(end.state).toBe("online");
    expect(asked).toEqual([
      { ...askedFor, wrong: false },
      { ...askedFor, wrong: true },
    ]);
    await comesBackByItself(id);
  });
}

test("an encrypted key's passphrase is asked for until it is right, and not at a reconnect", async () => {
  const keyFile = await newKey("locked", "correct horse");
  const id = await add({ kind: "key_file", path: keyFile });
  const passphrase = (text: string): Answer => ({ kind: "passphrase", passphrase: text, remember: false });
  const { asked, end } = await signIn(id, [passphrase("wrong horse"), passphrase("correct horse")]);
  expect(end.state).toBe("online");
  expect(asked).toEqual([
    { kind: "passphrase", keyFile, wrong: false },
    { kind: "passphrase", keyFile, wrong: true },
  ]);
  await comesBackByItself(id);
});

/** A key that pat's login accepts. */
async function newKey(name: string, passphrase: string): Promise<string> {
  const file = path.join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", file]);
  const publicKey = execFileSync("cat", [`${file}.pub`], { encoding: "utf8" });
  await lab.sh("install -d -m 700 -o pat -g pat ~pat/.ssh; cat >>~pat/.ssh/authorized_keys", { input: publicKey });
  return file;
}

test("the chosen key of the SSH agent logs in; no agent, a dead one and an empty one are told apart from a refused key", async () => {
  const usual = process.env["SSH_AUTH_SOCK"];
  const socket = path.join(folder, "agent.sock");
  const signInWith = async (given: string | undefined, answers: readonly Answer[] = []) => {
    if (given === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = given;
    const id = serverId ?? (await add({ kind: "agent" }));
    await app.host.client.servers.connect({ id });
    return signIn(id, answers);
  };
  const refusal = async (given: string | undefined) => {
    const { end } = await signInWith(given);
    return end.state === "refused" ? [end.error.code, end.error.message] : [end.state];
  };
  try {
    const missing = "connection.agent_missing";
    expect(await refusal(undefined)).toEqual([missing, "No SSH agent is running for this app"]);
    expect(await refusal(socket)).toEqual([missing, `The SSH agent at ${socket} does not answer`]);
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    await until("the agent listens", () => execFileSync("ls", [folder], { encoding: "utf8" }).includes("agent.sock"));
    expect(await refusal(socket)).toEqual([missing, "The SSH agent holds no key"]);
    const useAgent = { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" } as const;
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(folder, "stranger")]);
    execFileSync("ssh-add", [path.join(folder, "stranger")], useAgent);
    expect((await refusal(socket))[0]).toBe("connection.auth_failed");
    const known = await newKey("known", "");
    execFileSync("ssh-add", [known], useAgent);
    const choice = (file: string): Answer => ({ kind: "agent_key", fingerprint: fingerprintOf(`${file}.pub`) });
    const { asked, end } = await signInWith(socket, [choice(path.join(folder, "stranger")), choice(known)]);
    expect([asked.map(({ kind }) => kind), end.state]).toEqual([["agent_key", "agent_key"], "online"]);
    await comesBackByItself(serverId ?? "");
  } finally {
    if (usual === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = usual;
  }
});

test("from a password alone to a server that refuses passwords, and back: the app makes a key and comes back with it", async () => {
  const open = "PasswordAuthentication yes\n";
  await lab.sh("rm -rf ~pat/.ssh; cat >/etc/ssh/sshd_config.d/test.conf; systemctl restart ssh", { input: open });
  const id = await add({ kind: "password" });
  await signIn(id, [password(PASSWORD)]);
  const { signal } = new AbortController();
  const { shell } = await app.host.servers.whenOnline(id, signal);
  const context = { shell, wanted, signal, log: () => undefined, progress: () => undefined };
  for (const step of [loginKey, ssh]) {
    const facts = await readFacts(shell);
    expect(step.plan(facts, wanted)).not.toEqual([]);
    await step.apply({ ...context, facts });
    expect(step.plan(await readFacts(shell), wanted)).toEqual([]);
  }
  expect(await lab.sh("sshd -T | grep ^passwordauthentication; stat -c '%U:%G %a' ~pat/.ssh ~pat/.ssh/*")).toBe(
    "passwordauthentication no\npat:pat 700\npat:pat 600",
  );
  await comesBackByItself(id);
  await app.host.client.servers.disconnect({ id });
  await app.host.client.servers.connect({ id });
  expect((await signIn(id)).asked).toEqual([]);

  const again = await app.host.servers.whenOnline(id, signal);
  for (const { undo } of [ssh, loginKey]) if (undo.command) await again.shell.run(undo.command);
  expect(await lab.sh("sshd -T | grep ^passwordauthentication; ls -A ~pat | grep -c ssh || true")).toBe(
    "passwordauthentication yes\n0",
  );
  await comesBackByItself(id);
});

test("a jump host has a login of its own: a password there, a key behind it, and a reconnect asks for neither", async () => {
  const address = { host: "127.0.0.1", port: 22, user: "pat" };
  const auth: SshAuth = { kind: "key_file", path: await newKey("inner", "") };
  const jump = { address: { ...address, host: lab.address }, auth: { kind: "password" as const } };
  const { id } = await app.host.client.servers.add({ address, auth, jump });
  serverId = id;
  await app.host.client.servers.connect({ id });
  const { asked, end } = await signIn(id, [password("not it"), password(PASSWORD)]);
  expect(end.state).toBe("online");
  expect(asked).toEqual([
    { ...askedFor, wrong: false, jumpHost: lab.address },
    { ...askedFor, wrong: true, jumpHost: lab.address },
  ]);
  await comesBackByItself(id);
});

function fingerprintOf(file: string): string {
  return execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" }).split(" ")[1] ?? "";
}

/** Collects every command line and environment of the server until the file `stop` is there. */
const WATCH = `
while [ ! -e /tmp/stop ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -v '^$' >>/tmp/seen
done`;

test("sudo asks for its password, says when it is wrong, and the password shows up nowhere on the server", async () => {
  const id = await add({ kind: "key_file", path: await newKey("plain", "") });
  await signIn(id);
  const { provision } = app.host.client;
  const planned = async () => {
    const { facts, blockers } = await provision.plan({ serverId: id, wishes: {} });
    return { root: facts.root, blockers: blockers.map(({ code }) => code) };
  };
  const setPassword = (text: string) => provision.setSudoPassword({ serverId: id, password: text });
  const watching = lab.sh(WATCH, { timeoutMs: 280_000 });

  expect(await planned()).toEqual({ root: "sudo_password", blockers: ["provision.sudo_password_needed"] });
  await setPassword("not it");
  expect(await planned()).toEqual({ root: "sudo_password", blockers: ["provision.sudo_password_wrong"] });
  await setPassword(PASSWORD);
  expect(await planned()).toEqual({ root: "sudo", blockers: [] });
  const result = await provisionOn(app, id, (event) => {
    const isFarEnough = event.type === "step_progress" && event.id === "runtime" && event.done > 1_000_000;
    if (isFarEnough) void provision.cancel({ serverId: id });
  });
  expect({ error: result.error, first: result.steps[0] }).toMatchObject({
    error: { code: "app.cancelled" },
    first: { id: "accounts", state: "changed" },
  });

  await lab.sh("touch /tmp/stop");
  await watching;
  const seen = await lab.sh("cat /tmp/seen; journalctl --no-pager -o cat; cat /var/log/*.log 2>/dev/null || true");
  expect(seen).toContain("/opt/ai-infrastructure/releases");
  expect(seen.split("\n").filter((line) => line.includes(PASSWORD) || line.includes("not it"))).toEqual([]);
});
