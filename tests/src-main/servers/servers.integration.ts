import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { Connection } from "../../../contract/servers.ts";
import type { SshAddress } from "../../../contract/ssh-address.ts";
import { command } from "../../../provisioning/shell.ts";
import { createAppKeys } from "../../../src-main/servers/app-keys.ts";
import { createSecrets, type Secrets } from "../../../src-main/servers/secrets.ts";
import { serversFile } from "../../../src-main/servers/servers-file.ts";
import { openServers, type Servers } from "../../../src-main/servers/servers.ts";
import { createSshConnector } from "../../../src-main/ssh/connect-ssh.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

let sshd: Sshd;
let home: string;
let servers: Servers;
let id: string;
let secrets: Secrets;

beforeEach(async () => {
  sshd = await startSshd();
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-servers-"));
  servers = await open();
  const address = { host: "127.0.0.1", port: sshd.port, user: sshd.user };
  ({ id } = await servers.add({ address, auth: { kind: "key_file", path: sshd.key } }));
  return async () => {
    servers.close();
    await sshd.close();
    rmSync(home, { recursive: true });
  };
});

async function open(): Promise<Servers> {
  const ssh = createSshConnector();
  secrets = createSecrets(undefined);
  return openServers({
    file: serversFile(home, () => {}),
    secrets,
    appKeys: createAppKeys(home, undefined),
    connectors: { ssh, local: ssh },
  });
}

/** Waits, without polling, for a state of the connection. */
async function until<State extends Connection["state"]>(state: State): Promise<Extract<Connection, { state: State }>> {
  for await (const list of servers.watch(AbortSignal.timeout(30_000))) {
    const connection = list[0]?.connection;
    if (connection?.state === state) return connection as Extract<Connection, { state: State }>;
  }
  throw new Error(`Never ${state}: ${JSON.stringify(servers.list()[0]?.connection)}`);
}

async function connectFirst(): Promise<void> {
  servers.connect(id);
  const { question } = await until("asking");
  expect(question).toMatchObject({ kind: "host_key", hostKey: { fingerprint: sshd.fingerprint } });
  servers.answer(id, { kind: "host_key", fingerprint: sshd.fingerprint });
  await until("online");
}

it("asks once about a host key, keeps it, and connects without asking in a later run", async () => {
  await connectFirst();
  servers.close();
  servers = await open();
  const link = await servers.whenOnline(id, AbortSignal.timeout(30_000));
  expect((await link.shell.run(command("echo", "hello"))).stdout).toBe("hello\n");
});

it("refuses an answer with another fingerprint, and pins nothing", async () => {
  servers.connect(id);
  await until("asking");
  servers.answer(id, { kind: "host_key", fingerprint: `SHA256:${"A".repeat(43)}` });
  expect((await until("refused")).error.code).toBe("connection.host_key_refused");
  expect(servers.get(id).place).toMatchObject({ hostKey: null });
});

it("comes back by itself after the connection was cut, and gives the fresh link to who waited", async () => {
  await connectFirst();
  sshd.killSessions();
  await until("waiting");
  const link = await servers.whenOnline(id, AbortSignal.timeout(30_000));
  expect((await link.shell.run(command("echo", "again"))).stdout).toBe("again\n");
});

it("tries until the server is there again", async () => {
  await connectFirst();
  await sshd.stopListening();
  sshd.killSessions();
  await until("waiting");
  await sshd.start();
  await until("online");
});

it("stops at a changed host key with both shown, until a person replaces it", async () => {
  await connectFirst();
  servers.disconnect(id);
  const { hostKey: expected } = servers.get(id).place as { hostKey: unknown };
  await sshd.changeHostKey();
  servers.connect(id);
  const refused = await until("refused");
  const found = { algorithm: "ssh-ed25519", fingerprint: sshd.fingerprint };
  expect(refused).toMatchObject({ error: { code: "connection.host_key_changed" }, expected, found });
  await expect(servers.replaceHostKey(id, "SHA256:other")).rejects.toMatchObject({ code: "app.bad_input" });
  await servers.replaceHostKey(id, found.fingerprint);
  await until("online");
});

it("takes another key for a login that was refused, without asking about the host key again", async () => {
  const { address } = servers.get(id).place as { address: SshAddress };
  await servers.changeLogin(id, { address, auth: { kind: "key_file", path: sshd.strangeKey } });
  servers.connect(id);
  await until("asking");
  servers.answer(id, { kind: "host_key", fingerprint: sshd.fingerprint });
  expect((await until("refused")).error.code).toBe("connection.auth_failed");

  await servers.changeLogin(id, { address, auth: { kind: "key_file", path: sshd.key } });

  await until("online");
  expect(servers.get(id).place).toMatchObject({ hostKey: { fingerprint: sshd.fingerprint } });
});

it("asks for the fingerprint of another address, and forgets the passwords of the old one", async () => {
  await connectFirst();
  const other = await startSshd();
  secrets.of(id).keepPassword("of the old one");
  const address = { host: "127.0.0.1", port: other.port, user: sshd.user };

  await servers.changeLogin(id, { address, auth: { kind: "key_file", path: other.key } });

  const { question } = await until("asking");
  expect(question).toMatchObject({ kind: "host_key", hostKey: { fingerprint: other.fingerprint } });
  expect([secrets.of(id).password(), secrets.sudoPassword(id)]).toEqual([undefined, undefined]);
  await other.close();
});

it("does not change a login into one that another server has", async () => {
  const taken = { host: "127.0.0.2", port: 22, user: "root" };
  await servers.add({ address: taken, auth: { kind: "agent" } });
  const change = servers.changeLogin(id, { address: taken, auth: { kind: "agent" } });
  await expect(change).rejects.toMatchObject({ code: "server.already_added" });
  expect(servers.get(id).place).toMatchObject({ address: { port: sshd.port } });
});

it("does not add the same login twice", async () => {
  const address = { host: "127.0.0.1", port: sshd.port, user: sshd.user };
  await expect(servers.add({ address, auth: { kind: "agent" } })).rejects.toMatchObject({
    code: "server.already_added",
  });
});
