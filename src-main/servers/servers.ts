import { randomUUID } from "node:crypto";
import type { AuditAlarm } from "../../contract/audit-check.ts";
import { AppError } from "../../contract/errors.ts";
import type { Answer, NewServer, Server, ServerView, SshLogin } from "../../contract/servers.ts";
import { loginText } from "../../contract/ssh-address.ts";
import type { AppKeys, AppKeyStore } from "./app-keys.ts";
import { createLatest } from "./latest.ts";
import { isSameWay, placeOf, withAuth, withHostKey, withJumpAuth, withJumpHostKey } from "./place.ts";
import type { Connector, Links, ServerLink } from "./link.ts";
import type { Secrets } from "./secrets.ts";
import { ServerConnection } from "./server-connection.ts";
import type { ServersFile } from "./servers-file.ts";

export interface ServersParts {
  readonly file: ServersFile;
  readonly secrets: Secrets;
  readonly appKeys: AppKeys;
  readonly connectors: Readonly<Record<Server["place"]["kind"], Connector>>;
}

interface Entry {
  server: Server;
  readonly connection: ServerConnection;
  auditAlarm: AuditAlarm | null;
}

export async function openServers(parts: ServersParts): Promise<Servers> {
  return new Servers(parts, await parts.file.load());
}

/** The servers this app knows, and their connections. The only writer of both. */
export class Servers implements Links {
  readonly #parts: ServersParts;
  readonly #entries = new Map<string, Entry>();
  readonly #latest = createLatest(() => this.list());
  #saved: Promise<void> = Promise.resolve();

  constructor(parts: ServersParts, known: readonly Server[]) {
    this.#parts = parts;
    for (const server of known) this.#enter(server);
  }

  list(): ServerView[] {
    return [...this.#entries.values()].map(({ server, connection, auditAlarm }) => ({
      server,
      connection: connection.current(),
      ...(auditAlarm && { auditAlarm }),
    }));
  }

  /** The list now, and again after each change. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<ServerView[], void, void> {
    return this.#latest.watch(signal);
  }

  get(id: string): Server {
    return this.#find(id).server;
  }

  async add(wanted: NewServer): Promise<Server> {
    refuseTwice(this.#entries.values(), wanted);
    const place = placeOf(wanted);
    return this.put({ id: randomUUID(), name: wanted.name ?? place.address.host, place, provisioned: null });
  }

  /** Adds a server as it is, or replaces the one with its id. */
  async put(server: Server): Promise<Server> {
    const known = this.#entries.get(server.id);
    if (known) known.server = server;
    else this.#enter(server);
    await this.#save();
    return server;
  }

  async rename(id: string, name: string): Promise<Server> {
    return this.#update(id, (server) => ({ ...server, name }));
  }

  /** What was accepted or told for the old address is not used for another one. */
  async changeLogin(id: string, login: SshLogin): Promise<Server> {
    const { server, connection } = this.#find(id);
    const { place } = server;
    if (place.kind !== "ssh") throw new AppError("app.bad_input", `${server.name} is not reached over SSH`);
    refuseTwice(others(this.#entries.values(), id), login);
    const wasWanted = connection.current().state !== "offline";
    connection.disconnect();
    if (!isSameWay(place, login)) this.#parts.secrets.forget(id);
    await this.#parts.appKeys.move(place.address, login.address);
    const changed = await this.#update(id, (before) => ({ ...before, place: placeOf(login, place) }));
    if (wasWanted) connection.connect();
    return changed;
  }

  async remove(id: string): Promise<void> {
    this.#find(id).connection.disconnect();
    this.#entries.delete(id);
    this.#parts.secrets.forget(id);
    await this.#save();
  }

  connect(id: string): void {
    this.#find(id).connection.connect();
  }

  disconnect(id: string): void {
    this.#find(id).connection.disconnect();
  }

  reconnect(id: string): void {
    this.disconnect(id);
    this.connect(id);
  }

  answer(id: string, answer: Answer): void {
    this.#find(id).connection.answer(answer);
  }

  /** Pins the key the server showed when it was refused, and connects. */
  async replaceHostKey(id: string, fingerprint: string): Promise<void> {
    const { connection } = this.#find(id);
    const state = connection.current();
    if (state.state !== "refused" || state.found?.fingerprint !== fingerprint) {
      throw new AppError("app.bad_input", "The server did not show this host key when it was last tried");
    }
    const { found, jumpHost } = state;
    const replace = jumpHost === undefined ? withHostKey : withJumpHostKey;
    await this.#update(id, (server) => replace(server, found));
    connection.connect();
  }

  async whenOnline(id: string, signal: AbortSignal): Promise<ServerLink> {
    return this.#find(id).connection.whenOnline(signal);
  }

  setSudoPassword(id: string, password: string): void {
    this.#parts.secrets.setSudoPassword(this.#find(id).server.id, password);
  }

  async setProvisioned(id: string, provisioned: Server["provisioned"]): Promise<void> {
    await this.#update(id, (server) => ({ ...server, provisioned }));
  }

  /** Null takes the alarm back. */
  setAuditAlarm(id: string, alarm: AuditAlarm | null): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.auditAlarm?.at === alarm?.at) return;
    entry.auditAlarm = alarm;
    this.#latest.changed();
  }

  close(): void {
    for (const { connection } of this.#entries.values()) connection.disconnect();
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError("server.not_found", `There is no server ${id} in the list`);
    return entry;
  }

  #enter(server: Server): void {
    const { connectors, secrets } = this.#parts;
    const connection = new ServerConnection({
      server: () => this.get(server.id),
      connector: connectors[server.place.kind],
      memory: () => ({
        secrets: secrets.of(server.id),
        appKey: this.#appKeyOf(server.id),
        pin: async (hostKey) => void (await this.#update(server.id, (before) => withHostKey(before, hostKey))),
        keepAuth: async (auth) => void (await this.#update(server.id, (before) => withAuth(before, auth))),
      }),
      jumpMemory: {
        appKey: null,
        secrets: secrets.ofJump(server.id),
        pin: async (hostKey) => void (await this.#update(server.id, (before) => withJumpHostKey(before, hostKey))),
        keepAuth: async (auth) => void (await this.#update(server.id, (before) => withJumpAuth(before, auth))),
      },
      sudoPassword: () => secrets.sudoPassword(server.id),
      onChange: () => this.#latest.changed(),
    });
    this.#entries.set(server.id, { server, connection, auditAlarm: null });
  }

  #appKeyOf(id: string): AppKeyStore | null {
    const { place } = this.get(id);
    return place.kind === "ssh" ? this.#parts.appKeys.of(place.address) : null;
  }

  async #update(id: string, change: (server: Server) => Server): Promise<Server> {
    const entry = this.#find(id);
    entry.server = change(entry.server);
    await this.#save();
    return entry.server;
  }

  /** One after the other, each with the list as it then is. */
  async #save(): Promise<void> {
    this.#latest.changed();
    const write = () => this.#parts.file.save([...this.#entries.values()].map(({ server }) => server));
    this.#saved = this.#saved.then(write, write);
    return this.#saved;
  }
}

function others(entries: Iterable<Entry>, id: string): Entry[] {
  return [...entries].filter(({ server }) => server.id !== id);
}

function refuseTwice(entries: Iterable<Entry>, wanted: SshLogin): void {
  for (const { server } of entries) {
    if (server.place.kind === "ssh" && isSameWay(server.place, wanted)) {
      throw new AppError(
        "server.already_added",
        `${loginText(wanted.address)} is already in the list as ${server.name}`,
      );
    }
  }
}
