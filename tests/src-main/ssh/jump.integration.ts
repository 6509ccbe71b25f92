import { createServer, type Server as TcpServer } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Connection, Question, Server, SshJump } from "../../../contract/servers.ts";
import { command } from "../../../provisioning/shell.ts";
import type { OpenLink } from "../../../src-main/servers/link.ts";
import { createAppKeys } from "../../../src-main/servers/app-keys.ts";
import { createSecrets } from "../../../src-main/servers/secrets.ts";
import { serversFile } from "../../../src-main/servers/servers-file.ts";
import { openServers, type Servers } from "../../../src-main/servers/servers.ts";
import { createSshConnector } from "../../../src-main/ssh/connect-ssh.ts";
import { emptyMemory } from "../../support/login-memory.ts";
import { freePort, startSshd, type Sshd } from "../../support/sshd.ts";
import { until } from "../../support/start-program.ts";

let bastion: Sshd;
let inner: Sshd;
let folder: string;
beforeAll(async () => {
  [bastion, inner] = await Promise.all([startSshd(), startSshd()]);
  folder = mkdtempSync(path.join(tmpdir(), "ai-infra-jump-"));
});
afterAll(async () => {
  await Promise.all([bastion.close(), inner.close()]);
  rmSync(folder, { recursive: true, force: true });
});

type Place = Extract<Server["place"], { kind: "ssh" }>;

const known = (fingerprint: string) => ({ algorithm: "ssh-ed25519", fingerprint });
const loginTo = (sshd: Sshd): SshJump & { hostKey: ReturnType<typeof known> } => ({
  address: { host: "127.0.0.1", port: sshd.port, user: sshd.user },
  auth: { kind: "key_file", path: sshd.key },
  hostKey: known(sshd.fingerprint),
});

/** A link to `inner` through `bastion`, both known, with what a test wants different. */
function connect(change: Partial<Place> = {}): Promise<OpenLink> {
  const place = { kind: "ssh" as const, ...loginTo(inner), jump: loginTo(bastion), ...change };
  return createSshConnector().connect({
    server: { id: "s1", name: "test", provisioned: null, place },
    signal: AbortSignal.timeout(60_000),
    ask: (question) => Promise.reject(new Error(`asked: ${question.kind}`)),
    sudoPassword: () => undefined,
    ...emptyMemory,
    jump: emptyMemory,
  });
}

it("runs commands, uploads, reaches sockets and logs in a second time, all through the jump host", async () => {
  const before = bastion.log().length;
  const link = await connect();
  expect((await link.shell.run(command("echo", "inside"))).stdout).toBe("inside\n");

  const [source, destination] = [path.join(folder, "source"), path.join(folder, "destination")];
  writeFileSync(source, Buffer.alloc(3_000_000, "x"));
  await link.shell.upload({ source, destination, mode: "0644" });
  expect(readFileSync(destination).equals(readFileSync(source))).toBe(true);

  const socket = path.join(folder, "socket");
  const service: TcpServer = createServer((client) => client.end("from the socket")).listen(socket);
  expect(await text(await link.openSocket(socket))).toBe("from the socket");
  service.close();

  await link.shell.logInAgain(AbortSignal.timeout(30_000));
  expect(await link.ping()).toBeGreaterThan(0);
  const forwarded =
    bastion
      .log()
      .slice(before)
      .match(/direct.tcpip.*/g) ?? [];
  expect(forwarded.filter((line) => line.includes(`port ${inner.port}`)).length).toBeGreaterThanOrEqual(2);
  link.close();
});

it("ends both connections when it is closed", async () => {
  const before = [bastion.log().length, inner.log().length];
  const link = await connect();
  link.close();
  expect(await link.closed).toBeNull();
  await until("both servers have seen the end", () =>
    [bastion, inner].every((sshd, at) => /do_cleanup/.test(sshd.log().slice(before[at]))),
  );
});

it("says which of the two failed", async () => {
  const failure = (change: Partial<Place>) =>
    connect(change).then(
      () => "none",
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  const jump = loginTo(bastion);
  const [at, there] = [`127.0.0.1:${bastion.port}`, `127.0.0.1:${inner.port}`];
  const strange = (sshd: Sshd) => ({ kind: "key_file" as const, path: sshd.strangeKey });
  expect(await failure({ jump: { ...jump, auth: strange(bastion) } })).toMatch(
    `connection.auth_failed: Jump host ${at} refused the key`,
  );
  expect(await failure({ auth: strange(inner) })).toMatch(`connection.auth_failed: ${there} refused the key`);

  const closed = await freePort();
  const closedAddress = { host: "127.0.0.1", port: closed, user: "root" };
  expect(await failure({ jump: { ...jump, address: closedAddress } })).toBe(
    `connection.refused: Jump host 127.0.0.1:${closed} refused the connection on port ${closed}`,
  );
  expect(await failure({ address: closedAddress })).toBe(
    `connection.unreachable: Jump host ${at} does not reach 127.0.0.1:${closed}: Connection refused`,
  );

  const wrong = known(`SHA256:${"A".repeat(43)}`);
  await expect(connect({ jump: { ...jump, hostKey: wrong } })).rejects.toMatchObject({
    code: "connection.host_key_changed",
    expected: wrong,
    found: jump.hostKey,
    jumpHost: at,
  });
  await expect(connect({ hostKey: wrong })).rejects.toMatchObject({
    code: "connection.host_key_changed",
    found: known(inner.fingerprint),
    jumpHost: undefined,
  });
});

it("says that a jump host does not forward", async () => {
  const closed = await startSshd("AllowTcpForwarding no\n");
  await expect(connect({ jump: loginTo(closed) })).rejects.toMatchObject({
    code: "connection.jump_refused",
    message: `Jump host 127.0.0.1:${closed.port} does not forward connections to 127.0.0.1:${inner.port}`,
  });
  await closed.close();
});

it("says that the jump host was lost when it was that one", async () => {
  const link = await connect();
  bastion.killSessions();
  expect(await link.closed).toMatchObject({
    code: "connection.lost",
    message: `The connection to the jump host 127.0.0.1:${bastion.port} was lost`,
  });
});

it("notices that the server hangs although its jump host answers", async () => {
  const link = await connect();
  const silent = new Promise((resolve) => link.onSilence(resolve));
  inner.freezeSessions();
  link.ping().catch(() => undefined);
  expect(await silent).toBeInstanceOf(Date);
  inner.killSessions();
  link.close();
});

let servers: Servers;
let id: string;
beforeEach(async () => {
  const ssh = createSshConnector();
  const file = serversFile(mkdtempSync(path.join(folder, "home-")), () => {});
  servers = await openServers({
    file,
    secrets: createSecrets(undefined),
    appKeys: createAppKeys(folder, undefined),
    connectors: { ssh, local: ssh },
  });
  const { address, auth } = loginTo(inner);
  const { address: jumpAddress, auth: jumpAuth } = loginTo(bastion);
  ({ id } = await servers.add({ address, auth, jump: { address: jumpAddress, auth: jumpAuth } }));
  return () => servers.close();
});

async function untilState<State extends Connection["state"]>(
  state: State,
  isIt: (connection: Extract<Connection, { state: State }>) => boolean = () => true,
): Promise<Extract<Connection, { state: State }>> {
  for await (const list of servers.watch(AbortSignal.timeout(30_000))) {
    const connection = list[0]?.connection as Extract<Connection, { state: State }> | undefined;
    if (connection?.state === state && isIt(connection)) return connection;
  }
  throw new Error(`Never ${state}: ${JSON.stringify(servers.list()[0]?.connection)}`);
}

/** Accepts the keys of both, and gives the questions. */
async function connectFirst(): Promise<Question[]> {
  servers.connect(id);
  const questions: Question[] = [];
  for (const sshd of [bastion, inner]) {
    const { question } = await untilState("asking", ({ question: { jumpHost } }) => !jumpHost === (sshd === inner));
    questions.push(question);
    servers.answer(id, { kind: "host_key", fingerprint: sshd.fingerprint });
  }
  await untilState("online");
  return questions;
}

it("asks about the host key of each by name, and keeps both", async () => {
  expect(await connectFirst()).toEqual([
    { kind: "host_key", hostKey: known(bastion.fingerprint), jumpHost: `127.0.0.1:${bastion.port}` },
    { kind: "host_key", hostKey: known(inner.fingerprint) },
  ]);
  expect(servers.get(id).place).toMatchObject({
    hostKey: known(inner.fingerprint),
    jump: { hostKey: known(bastion.fingerprint) },
  });
});

it("comes back by itself after the jump host was away, asking nothing", async () => {
  await connectFirst();
  await bastion.stopListening();
  bastion.killSessions();
  await untilState("waiting");
  await bastion.start();
  await untilState("online");
});

it("stops at a changed key of the jump host until a person replaces it; the server's own stays", async () => {
  await connectFirst();
  servers.disconnect(id);
  await bastion.changeHostKey();
  servers.connect(id);
  const refused = await untilState("refused");
  expect(refused).toMatchObject({ jumpHost: `127.0.0.1:${bastion.port}`, found: known(bastion.fingerprint) });
  await servers.replaceHostKey(id, bastion.fingerprint);
  await untilState("online");
  expect(servers.get(id).place).toMatchObject({ hostKey: known(inner.fingerprint) });
});
