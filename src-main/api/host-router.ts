import { implement } from "@orpc/server";
import { HostApi, type HostInfo } from "../../contract/host-api.ts";
import { LOCAL_SERVER_ID } from "../../contract/servers.ts";
import { readKeyFiles } from "../servers/key-files.ts";
import type { Servers } from "../servers/servers.ts";
import { readSshConfigHosts } from "../servers/ssh-config-hosts.ts";
import type { AttentionPart, AuditPart, LocalPart, ProvisionPart } from "./parts.ts";

export interface HostRouterParts {
  readonly info: HostInfo;
  readonly servers: Servers;
  readonly provision: ProvisionPart;
  readonly local: LocalPart;
  readonly audit: AuditPart;
  readonly attention: AttentionPart;
}

const host = implement(HostApi);

/** HostApi, answered. */
export function hostRouter({ info, servers, provision, local, audit, attention }: HostRouterParts) {
  return host.router({
    app: { info: host.app.info.handler(() => info) },
    servers: serversRouter(servers, provision),
    provision: provisionRouter(provision),
    local: localRouter(local, servers),
    attention: {
      seen: host.attention.seen.handler(({ input }) => attention.seen(input.serverId, input.ids)),
      opened: host.attention.opened.handler(({ signal }) => attention.opened(signal)),
    },
    audit: auditRouter(audit),
  });
}

function serversRouter(servers: Servers, provision: ProvisionPart) {
  const api = host.servers;
  return api.router({
    list: api.list.handler(() => servers.list()),
    watch: api.watch.handler(({ signal }) => servers.watch(signal)),
    add: api.add.handler(({ input }) => servers.add(input)),
    rename: api.rename.handler(({ input }) => servers.rename(input.id, input.name)),
    changeLogin: api.changeLogin.handler(async ({ input: { id, ...login } }) => {
      provision.leave(id);
      return servers.changeLogin(id, login);
    }),
    remove: api.remove.handler(({ input }) => servers.remove(input.id)),
    connect: api.connect.handler(({ input }) => servers.connect(input.id)),
    disconnect: api.disconnect.handler(({ input }) => servers.disconnect(input.id)),
    answer: api.answer.handler(({ input }) => servers.answer(input.id, input.answer)),
    replaceHostKey: api.replaceHostKey.handler(({ input }) => servers.replaceHostKey(input.id, input.fingerprint)),
    sshConfigHosts: api.sshConfigHosts.handler(() => readSshConfigHosts()),
    keyFiles: api.keyFiles.handler(() => readKeyFiles()),
  });
}

function provisionRouter(provision: ProvisionPart) {
  const api = host.provision;
  return api.router({
    plan: api.plan.handler(({ input, signal }) => provision.plan(input, signal)),
    overview: api.overview.handler(({ input, signal }) => provision.overview(input, signal)),
    apply: api.apply.handler(({ input }) => provision.apply(input)),
    remove: api.remove.handler(({ input }) => provision.remove(input)),
    follow: api.follow.handler(({ input, signal }) => provision.follow(input, signal)),
    cancel: api.cancel.handler(({ input }) => provision.cancel(input)),
    setModelKey: api.setModelKey.handler(({ input, signal }) => provision.setModelKey(input, signal)),
    setWebSearch: api.setWebSearch.handler(({ input, signal }) => provision.setWebSearch(input, signal)),
    setSudoPassword: api.setSudoPassword.handler(({ input }) => provision.setSudoPassword(input)),
  });
}

function auditRouter(audit: AuditPart) {
  const api = host.audit;
  return api.router({
    verify: api.verify.handler(({ input, signal }) => audit.verify(input, signal)),
    acknowledge: api.acknowledge.handler(({ input }) => audit.acknowledge(input)),
  });
}

function localRouter(local: LocalPart, servers: Servers) {
  const api = host.local;
  return api.router({
    start: api.start.handler(async ({ input }) => {
      const state = await local.start(input);
      await addLocalServer(servers);
      return state;
    }),
    stop: api.stop.handler(async () => {
      if (hasLocalServer(servers)) servers.disconnect(LOCAL_SERVER_ID);
      return local.stop();
    }),
    status: api.status.handler(() => local.status()),
    setModelKey: api.setModelKey.handler(({ input }) => local.setModelKey(input)),
    setWebSearch: api.setWebSearch.handler(({ input }) => local.setWebSearch(input)),
  });
}

async function addLocalServer(servers: Servers): Promise<void> {
  if (!hasLocalServer(servers)) {
    await servers.put({ id: LOCAL_SERVER_ID, name: "This computer", place: { kind: "local" }, provisioned: null });
  }
  servers.connect(LOCAL_SERVER_ID);
}

function hasLocalServer(servers: Servers): boolean {
  return servers.list().some(({ server }) => server.id === LOCAL_SERVER_ID);
}
