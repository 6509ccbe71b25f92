import { readFileSync } from "node:fs";
import net from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Answer, Question, Server, SshAuth } from "../../../contract/servers.ts";
import { command } from "../../../provisioning/shell.ts";
import type { ConnectRequest, OpenLink } from "../../../src-main/servers/link.ts";
import { createSshConnector } from "../../../src-main/ssh/connect-ssh.ts";
import { emptyMemory } from "../../support/login-memory.ts";
import { freePort, startSshd, type Sshd } from "../../support/sshd.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(async () => {
  await sshd.close();
});

interface Wanted {
  readonly auth?: SshAuth;
  readonly port?: number;
  readonly host?: string;
  readonly fingerprint?: string | null;
  readonly user?: string;
  /** The private key that the app has made for the login. */
  readonly appKey?: string;
  readonly answers?: (question: Question) => Answer;
}

async function connect(wanted: Wanted = {}): Promise<OpenLink & { asked: Question[] }> {
  const asked: Question[] = [];
  const fingerprint = wanted.fingerprint === undefined ? sshd.fingerprint : wanted.fingerprint;
  const address = { host: wanted.host ?? "127.0.0.1", port: wanted.port ?? sshd.port, user: wanted.user ?? sshd.user };
  const server: Server = {
    id: "s1",
    name: "test",
    provisioned: null,
    place: {
      kind: "ssh",
      address,
      auth: wanted.auth ?? { kind: "key_file", path: sshd.key },
      hostKey: fingerprint === null ? null : { algorithm: "ssh-ed25519", fingerprint },
    },
  };
  const request: ConnectRequest = {
    server,
    signal: new AbortController().signal,
    async ask(question) {
      asked.push(question);
      if (!wanted.answers || asked.length > 3) throw new Error(`asked: ${question.kind}`);
      return wanted.answers(question);
    },
    sudoPassword: () => undefined,
    ...emptyMemory,
    appKey: wanted.appKey === undefined ? null : { read: async () => wanted.appKey ?? null, keep: async () => {} },
    jump: emptyMemory,
  };
  return Object.assign(await createSshConnector().connect(request), { asked });
}

it("logs in with a key file and runs a command", async () => {
  const link = await connect();
  const result = await link.shell.run(command("printf", "%s|", "a b", "it's", "$HOME", "*"));
  expect(result).toEqual({ exitCode: 0, stdout: "a b|it's|$HOME|*|", stderr: "" });
  link.close();
  expect(await link.closed).toBeNull();
});

it("says so when the server takes no passwords, instead of asking for another one", async () => {
  const refused = connect({ auth: { kind: "password" }, answers: () => ({ kind: "password", password: "secret" }) });
  await expect(refused).rejects.toMatchObject({
    code: "connection.no_password_login",
    message: expect.stringContaining("publickey"),
  });
});

it("signs in with the key that the app has made, and asks for a password only when that is refused", async () => {
  const link = await connect({ auth: { kind: "password" }, appKey: readFileSync(sshd.key, "utf8") });
  expect([link.asked, link.shell.signedInWith]).toEqual([[], "key"]);
  link.close();
  const asked: Question[] = [];
  const refused = connect({
    auth: { kind: "password" },
    appKey: readFileSync(sshd.strangeKey, "utf8"),
    answers: (question) => (asked.push(question), { kind: "password", password: "secret" }),
  });
  await expect(refused).rejects.toMatchObject({ code: "connection.no_password_login" });
  expect(asked).toEqual([{ kind: "password", user: sshd.user, wrong: false }]);
});

it("asks about an unknown host key with the fingerprint that ssh-keygen shows", async () => {
  const link = await connect({
    fingerprint: null,
    answers: (question) => ({
      kind: "host_key",
      fingerprint: question.kind === "host_key" ? question.hostKey.fingerprint : "",
    }),
  });
  expect(link.asked).toEqual([
    { kind: "host_key", hostKey: { algorithm: "ssh-ed25519", fingerprint: sshd.fingerprint } },
  ]);
  link.close();
});

it("refuses a changed host key before any login is tried, and shows both", async () => {
  const before = sshd.log().length;
  const expected = { algorithm: "ssh-ed25519", fingerprint: `SHA256:${"A".repeat(43)}` };
  await expect(connect({ fingerprint: expected.fingerprint })).rejects.toMatchObject({
    code: "connection.host_key_changed",
    expected,
    found: { algorithm: "ssh-ed25519", fingerprint: sshd.fingerprint },
  });
  const log = sshd.log().slice(before);
  expect(log).toContain("Connection from");
  expect(log).not.toMatch(/userauth-request|authenticating user/);
});

it("asks for the passphrase of a locked key until it is right", async () => {
  const link = await connect({
    auth: { kind: "key_file", path: sshd.lockedKey },
    answers: (question) => ({
      kind: "passphrase",
      passphrase: question.kind === "passphrase" && question.wrong ? sshd.passphrase : "guess",
      remember: false,
    }),
  });
  expect(link.asked).toEqual([
    { kind: "passphrase", keyFile: sshd.lockedKey, wrong: false },
    { kind: "passphrase", keyFile: sshd.lockedKey, wrong: true },
  ]);
  link.close();
});

it("names the user and the key that were refused", async () => {
  await expect(connect({ auth: { kind: "key_file", path: sshd.strangeKey } })).rejects.toMatchObject({
    code: "connection.auth_failed",
    message: expect.stringMatching(`refused the key ${sshd.strangeKey} for the user ${sshd.user}`),
  });
});

it("says that a key file is missing before anything is sent", async () => {
  await expect(connect({ auth: { kind: "key_file", path: "/no/such/key" } })).rejects.toMatchObject({
    code: "connection.key_unreadable",
    message: "The key file /no/such/key cannot be used: there is no such file",
  });
});

it("logs in at an IPv6 address and another port, with the host key that is pinned for it", async () => {
  const other = await startSshd("", "::1");
  const there = { host: "::1", port: other.port, auth: { kind: "key_file", path: other.key } } as const;
  const link = await connect({ ...there, fingerprint: other.fingerprint });
  expect((await link.shell.run(command("sh", "-c", "echo ${SSH_CONNECTION%% *}"))).stdout).toBe("::1\n");
  link.close();
  await expect(connect({ ...there, fingerprint: sshd.fingerprint })).rejects.toMatchObject({
    code: "connection.host_key_changed",
    message: expect.stringContaining(`[::1]:${other.port} shows another host key`),
  });
  await other.close();
});

it("names the interface that this computer does not have", async () => {
  await expect(connect({ host: "fe80::1%nope0" })).rejects.toMatchObject({
    code: "connection.unreachable",
    message: expect.stringContaining("this computer has no interface nope0"),
  });
});

it("says that nothing listens", async () => {
  await expect(connect({ port: await freePort() })).rejects.toMatchObject({ code: "connection.refused" });
});

it("says that a name cannot be resolved", async () => {
  await expect(connect({ host: "nowhere.invalid" })).rejects.toMatchObject({ code: "connection.unreachable" });
});

it("says that a port is not SSH", async () => {
  const server = net.createServer((socket) => socket.end("220 mail.example ESMTP\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await expect(connect({ port })).rejects.toMatchObject({ code: "connection.not_ssh" });
  server.close();
});
