import path from "node:path";
import { createRouterClient } from "@orpc/server";
import { RPCHandler } from "@orpc/server/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { parseChannelPath, type Channel } from "../contract/channel.ts";
import type { HostApi, HostInfo } from "../contract/host-api.ts";
import type { Artifacts } from "./artifacts.ts";
import { createAttention } from "./attention/create-attention.ts";
import type { Notifier } from "./attention/notifier.ts";
import { createAudit } from "./audit/create-audit.ts";
import { hostRouter } from "./api/host-router.ts";
import { serveChannel } from "./api/serve-channel.ts";
import { typedErrors } from "./api/typed-errors.ts";
import { createLocal } from "./local/create-local.ts";
import { createLocalConnector } from "./local/local-connector.ts";
import { createAppKeys } from "./servers/app-keys.ts";
import { makeHome } from "./servers/home.ts";
import type { Keychain } from "./servers/keychain.ts";
import { createSecrets } from "./servers/secrets.ts";
import { openServers, type Servers } from "./servers/servers.ts";
import { serversFile } from "./servers/servers-file.ts";
import { createSshConnector } from "./ssh/connect-ssh.ts";
import { releaseOnDemand } from "./provision/artifact.ts";
import { createProvisioner } from "./provision/provisioner.ts";
import { serveTerminalChannel } from "./terminal/terminal-channel.ts";
import { serveDaemonChannel } from "./tunnel/daemon-channel.ts";

export interface HostParts {
  readonly home: string;
  readonly shell: HostInfo["shell"];
  readonly artifacts: Artifacts;
  readonly keychain?: Keychain | undefined;
  readonly notifier?: Notifier | undefined;
  /** One line for the log of the shell. Never holds a secret. */
  readonly log: (line: string) => void;
}

export interface Host {
  /** Serves what the path means; a path that means nothing closes the channel. */
  openChannel(path: string, channel: Channel): void;
  /** HostApi for shells that live in this process. */
  readonly client: ContractRouterClient<typeof HostApi>;
  readonly servers: Servers;
  close(): Promise<void>;
}

/** The desktop side without any window: everything meets here. */
export async function createHost(parts: HostParts): Promise<Host> {
  await makeHome(parts.home);
  const { home, artifacts, log } = parts;
  const local = createLocal({ home, artifacts, log });
  const servers = await openServers({
    file: serversFile(parts.home, parts.log),
    secrets: createSecrets(parts.keychain),
    appKeys: createAppKeys(home, parts.keychain),
    connectors: { ssh: createSshConnector(), local: createLocalConnector(local) },
  });
  const audit = createAudit({ home, servers, log, now: () => new Date() });
  const provision = createProvisioner({
    whenOnline: (id, signal) => servers.whenOnline(id, signal),
    setSudoPassword: (id, password) => servers.setSudoPassword(id, password),
    async setProvisioned(id, provisioned) {
      await servers.setProvisioned(id, provisioned);
      if (provisioned === null) await audit.forgetTrail(id);
    },
    reconnect: (id) => servers.reconnect(id),
    release: releaseOnDemand({ ...artifacts, cacheDir: path.join(home, "cache") }),
    now: () => new Date(),
  });
  const attention = createAttention({
    links: servers,
    list: () => servers.list(),
    watch: (signal) => servers.watch(signal),
    notifier: parts.notifier,
  });
  const router = hostRouter({ info: describeHost(parts), servers, provision, local, audit, attention });
  const clientInterceptors = [typedErrors(parts.log)];
  const handler = new RPCHandler(router, { clientInterceptors });
  return {
    client: createRouterClient(router, { interceptors: clientInterceptors }),
    servers,
    openChannel(path, channel) {
      const target = parseChannelPath(path);
      if (target === null) return channel.close();
      const { kind } = target;
      if (kind === "host") serveChannel(handler, channel);
      if (kind === "daemon") serveDaemonChannel(channel, { links: servers, ...target, report: parts.log });
      if (kind === "terminal") serveTerminalChannel(channel, { links: servers, ...target });
    },
    async close() {
      attention.close();
      await audit.close();
      servers.close();
    },
  };
}

function describeHost({ artifacts, shell, keychain }: HostParts): HostInfo {
  return { version: artifacts.version, shell, platform: process.platform, keychain: keychain?.available() ?? false };
}
