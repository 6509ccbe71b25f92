import { execFileSync, spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Answer, Question, SshAuth } from "../../../contract/servers.ts";
import { createSshConnector } from "../../../src-main/ssh/connect-ssh.ts";
import { emptyMemory } from "../../support/login-memory.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";
import { until } from "../../support/start-program.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd("MaxAuthTries 3\n");
});
afterAll(async () => {
  await sshd.close();
});

const fingerprintOf = (file: string) =>
  execFileSync("ssh-keygen", ["-lf", `${file}.pub`], { encoding: "utf8" }).split(" ")[1] ?? "";

let socket: string;
let agents = 0;
beforeEach(async () => {
  agents += 1;
  socket = path.join(sshd.folder, `agent-${agents}`);
  const usual = process.env["SSH_AUTH_SOCK"];
  process.env["SSH_AUTH_SOCK"] = socket;
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until("the agent answers", () =>
    execFileSync("ls", [sshd.folder], { encoding: "utf8" }).includes(path.basename(socket)),
  );
  return () => {
    agent.kill();
    if (usual === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = usual;
  };
});

const addToAgent = (file: string) => execFileSync("ssh-add", ["-q", file], { stdio: "ignore" });

/** Ten keys that nobody knows. */
function addStrangers(): void {
  for (let at = 0; at < 10; at += 1) {
    const file = path.join(sshd.folder, `stranger-${agents}-${at}`);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `stranger ${at}`, "-f", file]);
    addToAgent(file);
  }
}

/** Signs in; gives what was asked, what was kept, and the keys that the server was offered. */
async function signIn(auth: SshAuth, answers: readonly Answer[] = []) {
  const asked: Question[] = [];
  const left = [...answers];
  let kept: SshAuth | null = null;
  const before = sshd.log().length;
  const link = await createSshConnector().connect({
    ...emptyMemory,
    jump: emptyMemory,
    keepAuth: async (how) => void (kept = how),
    server: {
      id: "s1",
      name: "test",
      provisioned: null,
      place: {
        kind: "ssh",
        address: { host: "127.0.0.1", port: sshd.port, user: sshd.user },
        auth,
        hostKey: { algorithm: "ssh-ed25519", fingerprint: sshd.fingerprint },
      },
    },
    signal: AbortSignal.timeout(30_000),
    async ask(question) {
      asked.push(question);
      const answer = left.shift();
      if (!answer) throw new Error(`asked: ${question.kind}`);
      return answer;
    },
    sudoPassword: () => undefined,
  });
  link.close();
  const offered = sshd
    .log()
    .slice(before)
    .matchAll(/publickey test .* (SHA256:\S+)/g);
  return { asked, kept, offered: [...offered].map(([, fingerprint]) => fingerprint) };
}

it("asks which of many keys logs in, offers that one alone, and keeps it", async () => {
  addStrangers();
  addToAgent(sshd.key);
  const [key, strange] = [fingerprintOf(sshd.key), fingerprintOf(path.join(sshd.folder, `stranger-${agents}-0`))];
  const choose = (fingerprint: string): Answer => ({ kind: "agent_key", fingerprint });
  const { asked, kept, offered } = await signIn({ kind: "agent" }, [choose(strange), choose(key)]);
  expect(offered).toEqual([strange, key]);
  expect(kept).toEqual({ kind: "agent", key });
  expect(asked).toMatchObject([{ kind: "agent_key" }, { kind: "agent_key", refused: strange }]);
  const comments = asked[0]?.kind === "agent_key" ? asked[0].keys.map(({ comment }) => comment) : [];
  expect(comments).toEqual(expect.arrayContaining(["stranger 0", "stranger 9"]));

  expect(await signIn({ kind: "agent", key })).toEqual({ asked: [], kept: null, offered: [key] });
});

it("asks nothing when the agent holds one key", async () => {
  addToAgent(sshd.key);
  const key = fingerprintOf(sshd.key);
  expect(await signIn({ kind: "agent" })).toEqual({ asked: [], kept: { kind: "agent", key }, offered: [key] });
});

it("says that the agent does not hold the key any more", async () => {
  addStrangers();
  await expect(signIn({ kind: "agent", key: fingerprintOf(sshd.key) })).rejects.toMatchObject({
    code: "connection.agent_missing",
    message: `The SSH agent does not hold the key ${fingerprintOf(sshd.key)}`,
  });
});
