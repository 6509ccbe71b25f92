import { setTimeout as delay } from "node:timers/promises";
import { createHost } from "../../src-main/app.ts";
import type { Cli, CliEnd, CliSettings } from "./cli.ts";
import { daemonOf, type DaemonClient } from "./host-session.ts";
import type { Lab } from "./lab-server.ts";
import { until } from "./start-program.ts";

const ASK_EVERY_MS = 200;
const ANSWER_WITHIN_MS = 8000;

/** What a person compares with: the fingerprint that the server's own console shows. */
export async function fingerprintOf(lab: Lab): Promise<string> {
  const line = await lab.sh("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  return line.split(" ")[1] ?? "";
}

/** `ai-infra provision` on a lab server as root, without Docker, which takes long. */
export async function provisionByCli(cli: Cli, lab: Lab, settings: CliSettings = {}): Promise<CliEnd> {
  const login = ["--identity", lab.keyFile, "--accept-host-key", await fingerprintOf(lab)];
  return cli(["provision", `root@${lab.address}`, "--name", lab.name, ...login, "--no-docker", "--yes"], settings);
}

/** Asks a server's daemon over a connection of its own, which comes back as a page's does. */
export interface Observer {
  ask<T>(question: (daemon: DaemonClient) => Promise<T>): Promise<T>;
  /** Asks until the answer is neither null nor false. Not reaching the daemon is no answer yet. */
  wait<T>(what: string, question: (daemon: DaemonClient) => Promise<T | null | false>, ms: number): Promise<T>;
  close(): Promise<void>;
}

/** Observes the server `name` of those that `home` knows. */
export async function observe(home: string, name: string): Promise<Observer> {
  const artifacts = { node: process.execPath, daemon: "", memoryModel: "", team: "", version: "0.0.0" };
  const host = await createHost({ home, shell: "cli", artifacts, log: () => undefined });
  const id = host.servers.list().find(({ server }) => server.name === name)?.server.id ?? "";
  host.servers.connect(id);
  let daemon: DaemonClient | null = null;
  const ask: Observer["ask"] = async (question) => {
    await host.servers.whenOnline(id, AbortSignal.timeout(30_000));
    daemon ??= daemonOf(host, id);
    try {
      return await Promise.race([question(daemon), noAnswer()]);
    } catch (error) {
      daemon = null; // its channel may have died with the daemon or the connection
      throw error;
    }
  };
  return {
    ask,
    wait: (what, question, ms) => until(what, async () => (await delay(ASK_EVERY_MS), ask(question)), ms),
    close: () => host.close(),
  };
}

async function noAnswer(): Promise<never> {
  await delay(ANSWER_WITHIN_MS, undefined, { ref: false });
  throw new Error(`The daemon did not answer within ${ANSWER_WITHIN_MS} ms`);
}
