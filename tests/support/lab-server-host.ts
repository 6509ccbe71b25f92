import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RunEvent, RunResult, StepResult } from "../../contract/provision.ts";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";
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
  /** Adds the lab server with a login that has the lab's key, accepts its host key and waits until it is online. */
  addServer(lab: Lab, user: string): Promise<string>;
  close(): Promise<void>;
}

const NODE = path.join(import.meta.dirname, "../../node_modules/node/bin/node");

/** `asBuilt`: with the daemon and the version of the build, as a person's app has them. */
export async function openLabHost({ asBuilt = false } = {}): Promise<LabHost> {
  const folder = mkdtempSync(path.join(tmpdir(), "ai-infra-lab-host-"));
  const home = homeFolder({ AI_INFRA_HOME: path.join(folder, "home") });
  const built = { folder: path.join(import.meta.dirname, "../../out"), node: NODE, version };
  const artifacts = asBuilt ? builtArtifacts(built) : await bundledArtifacts(folder);
  const host = await createHost({ home, shell: "cli", artifacts, log: () => undefined });
  return {
    host,
    home: path.join(folder, "home"),
    async addServer(lab, user) {
      const auth = { kind: "key_file", path: lab.keyFile } as const;
      const { id } = await host.client.servers.add({ address: { host: lab.address, port: 22, user }, auth });
      await host.client.servers.connect({ id });
      await poll(`${user} is online`, async () => {
        const { connection } = (await host.client.servers.list()).find(({ server }) => server.id === id) ?? {};
        if (connection?.state === "refused") throw new Error(connection.error.message);
        if (connection?.state === "asking" && connection.question.kind === "host_key") {
          const { fingerprint } = connection.question.hostKey;
          await host.client.servers.answer({ id, answer: { kind: "host_key", fingerprint } });
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

async function bundledArtifacts(folder: string): Promise<Artifacts> {
  const daemon = path.join(folder, "daemon.mjs");
  await bundleDaemon(daemon);
  return { node: NODE, daemon, team: path.join(folder, "none.mjs"), version: "0.0.1" };
}

/** Provisions to the end; `onEvent` sees all on the way. */
export async function provisionOn(
  { host }: LabHost,
  serverId: string,
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<RunResult> {
  await host.client.provision.apply({ serverId, wishes: {} });
  return followRun(host, serverId, onEvent);
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
