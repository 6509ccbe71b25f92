import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RunEvent, RunResult, StepResult, Wishes } from "../../contract/provision.ts";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";
import { bundleMemoryModel } from "../../scripts/bundle-memory-model.mjs";
import { createHost, type Host } from "../../src-main/app.ts";
import { builtArtifacts, type Artifacts } from "../../src-main/artifacts.ts";
import { homeFolder } from "../../src-main/servers/home.ts";
import { version } from "../../src-main/version.ts";
import { poll } from "./lab-server-run.ts";
import type { Lab } from "./lab-server.ts";

/** A host of the app in this process, with the daemon as it is built from these sources. */
export interface LabHost {
  readonly host: Host;
  /** Its data folder. */
  readonly home: string;
  /**
   * Adds the lab server with a login that has the lab's key, or else with a password; accepts its host key and waits
   * until it is online.
   */
  addServer(lab: Lab, user: string, password?: string): Promise<string>;
  close(): Promise<void>;
}

const NODE = path.join(import.meta.dirname, "../../node_modules/node/bin/node");

interface LabHostOptions {
  /** With the daemon and the version of the build, as a person's app has them. */
  readonly asBuilt?: boolean;
  /** For an app of another version: makes its daemon's bundle from this one's. */
  readonly changeDaemon?: (bundle: string) => string;
}

export async function openLabHost({ asBuilt = false, changeDaemon }: LabHostOptions = {}): Promise<LabHost> {
  const folder = mkdtempSync(path.join(tmpdir(), "ai-infra-lab-host-"));
  const home = homeFolder({ AI_INFRA_HOME: path.join(folder, "home") });
  const built = { folder: path.join(import.meta.dirname, "../../out"), node: NODE, version };
  const artifacts = asBuilt ? builtArtifacts(built) : await bundledArtifacts(folder, changeDaemon);
  const host = await createHost({ home, shell: "cli", artifacts, log: () => undefined });
  return {
    host,
    home: path.join(folder, "home"),
    async addServer(lab, user, password) {
      const auth =
        password === undefined ? { kind: "key_file" as const, path: lab.keyFile } : { kind: "password" as const };
      const { id } = await host.client.servers.add({ address: { host: lab.address, port: 22, user }, auth });
      await host.client.servers.connect({ id });
      await poll(`${user} is online`, async () => {
        const { connection } = (await host.client.servers.list()).find(({ server }) => server.id === id) ?? {};
        if (connection?.state === "refused") throw new Error(connection.error.message);
        if (connection?.state === "asking" && connection.question.kind === "host_key") {
          const { fingerprint } = connection.question.hostKey;
          await host.client.servers.answer({ id, answer: { kind: "host_key", fingerprint } });
        }
        if (connection?.state === "asking" && connection.question.kind === "password" && password !== undefined) {
          await host.client.servers.answer({ id, answer: { kind: "password", password } });
        }
        return connection?.state === "online" ? true : null;
      });
      return id;
    },
    async close() {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundledArtifacts(folder: string, change = (bundle: string): string => bundle): Promise<Artifacts> {
  const daemon = path.join(folder, "daemon.mjs");
  const memoryModel = path.join(folder, "memory-model");
  await Promise.all([bundleDaemon(daemon), bundleMemoryModel(memoryModel)]);
  writeFileSync(daemon, change(readFileSync(daemon, "utf8")));
  return { node: NODE, daemon, memoryModel, team: path.join(folder, "none.mjs"), version: "0.0.1" };
}

/** Provisions to the end, without Docker, which takes long; `onEvent` sees all on the way. */
export async function provisionOn(
  { host }: LabHost,
  serverId: string,
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<RunResult> {
  await host.client.provision.apply({ serverId, wishes: { docker: false } });
  return followRun(host, serverId, onEvent);
}

/** The same with what a person wishes, or with what a server gets of whom nothing is wished. */
export async function provisionAs({ host }: LabHost, serverId: string, wishes: Wishes): Promise<RunResult> {
  await host.client.provision.apply({ serverId, wishes });
  return followRun(host, serverId, () => undefined);
}

export async function unprovisionOn({ host }: LabHost, serverId: string): Promise<RunResult> {
  await host.client.provision.remove({ serverId });
  return followRun(host, serverId, () => undefined);
}

async function followRun(host: Host, serverId: string, onEvent: (event: RunEvent) => void): Promise<RunResult> {
  for await (const event of await host.client.provision.follow({ serverId, after: 0 })) {
    onEvent(event);
    if (event.type === "ended") return event.result;
  }
  throw new Error("The events ended before the run");
}

/** Step ids by how they ended. */
export function stepsThat(state: StepResult["state"], result: RunResult): string[] {
  return result.steps.filter((step) => step.state === state).map(({ id }) => id);
}

/** A login with the lab's key; `sudo` as its line in sudoers says, none when empty. */
export async function addLogin(lab: Lab, user: string, sudo: string): Promise<void> {
  await lab.sh(`useradd --create-home --shell /bin/bash ${user}
    install -d -m 700 -o ${user} -g ${user} /home/${user}/.ssh
    install -m 600 -o ${user} -g ${user} /root/.ssh/authorized_keys /home/${user}/.ssh/authorized_keys`);
  if (sudo) await lab.exec(["sh", "-c", 'cat >"/etc/sudoers.d/$1"', "sh", user], { input: `${user} ${sudo}\n` });
}
