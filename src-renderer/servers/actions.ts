import type { ModelName } from "../../contract/status.ts";
import {
  LOCAL_SERVER_ID,
  type Answer,
  type NewServer,
  type Server,
  type SshConfigHost,
  type SshLogin,
} from "../../contract/servers.ts";
import { host } from "../api/clients.ts";
import { deadline } from "../api/retry.ts";
import { selectServer } from "./store.ts";
import type { WebSearchWish } from "../../contract/web-search.ts";

const CALL_MS = 20_000;
/** A first start unpacks a database and may take minutes on a slow disk. */
const LOCAL_START_MS = 300_000;

const within = (ms: number) => ({ signal: deadline(ms) });

export async function addServer(server: NewServer): Promise<Server> {
  const added = await host.servers.add(server, within(CALL_MS));
  selectServer(added.id);
  await connectServer(added.id);
  return added;
}

export async function connectServer(id: string): Promise<void> {
  await host.servers.connect({ id }, within(CALL_MS));
}

export async function disconnectServer(id: string): Promise<void> {
  await host.servers.disconnect({ id }, within(CALL_MS));
}

export async function renameServer(id: string, name: string): Promise<void> {
  await host.servers.rename({ id, name }, within(CALL_MS));
}

export async function changeLogin(id: string, login: SshLogin): Promise<void> {
  await host.servers.changeLogin({ id, ...login }, within(CALL_MS));
  await connectServer(id);
}

export async function removeServer(id: string): Promise<void> {
  await host.servers.remove({ id }, within(CALL_MS));
}

export async function answerQuestion(id: string, answer: Answer): Promise<void> {
  await host.servers.answer({ id, answer }, within(CALL_MS));
}

export async function replaceHostKey(id: string, fingerprint: string): Promise<void> {
  await host.servers.replaceHostKey({ id, fingerprint }, within(CALL_MS));
  await connectServer(id);
}

/** Ends the warning about a changed audit trail; the host starts to keep the trail anew. */
export async function acknowledgeAlarm(serverId: string, at: string): Promise<void> {
  await host.audit.acknowledge({ serverId, at }, within(CALL_MS));
}

export async function sshConfigHosts(): Promise<readonly SshConfigHost[]> {
  return host.servers.sshConfigHosts(undefined, within(CALL_MS));
}

export async function readKeyFiles(): Promise<readonly string[]> {
  return host.servers.keyFiles(undefined, within(CALL_MS));
}

export async function startLocal(model: ModelName): Promise<void> {
  await host.local.start({ model }, within(LOCAL_START_MS));
  selectServer(LOCAL_SERVER_ID);
}

export async function localDoing(): Promise<string | null> {
  const state = await host.local.status(undefined, within(CALL_MS));
  return state.state === "starting" ? state.doing : null;
}

export async function stopLocal(): Promise<void> {
  await host.local.stop(undefined, within(60_000));
}

/** Stores the key where the server's team finds it. It is never read back. */
export async function setModelKey(serverId: string, key: string): Promise<void> {
  if (serverId === LOCAL_SERVER_ID) await host.local.setModelKey({ key }, within(60_000));
  else await host.provision.setModelKey({ serverId, key }, within(60_000));
}

/** Sets who searches the web, and restarts the team with that. The key is never read back. */
export async function setWebSearch(serverId: string, wish: WebSearchWish): Promise<void> {
  const limit = within(200_000);
  if (serverId === LOCAL_SERVER_ID) await host.local.setWebSearch(wish, limit);
  else await host.provision.setWebSearch({ serverId, ...wish }, limit);
}
