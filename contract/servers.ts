import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { api } from "./api-base.ts";
import { AuditAlarm } from "./audit-check.ts";
import { WireError } from "./errors.ts";
import { SshAddress } from "./ssh-address.ts";

/** The id of the server that is this computer. */
export const LOCAL_SERVER_ID = "local";

export const SshAuth = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("key_file"), path: z.string().min(1) }),
  /** With the fingerprint of the one key that is offered; one that logged in is kept here. */
  z.object({ kind: z.literal("agent"), key: z.string().optional() }),
  /** Asked at first contact, never stored. A key that the app made for the server when provisioning comes before it. */
  z.object({ kind: z.literal("password") }),
]);
export type SshAuth = z.infer<typeof SshAuth>;

export const HostKey = z.object({
  /** Such as `ssh-ed25519`. */
  algorithm: z.string(),
  /** OpenSSH form: `SHA256:…`, 43 base64 characters. */
  fingerprint: z.string(),
});
export type HostKey = z.infer<typeof HostKey>;

/** A public key in the SSH agent. */
export const AgentKey = HostKey.extend({ comment: z.string() });
export type AgentKey = z.infer<typeof AgentKey>;

/** A login to one machine, and the host key it is known by. */
const KnownLogin = z.object({ address: SshAddress, auth: SshAuth, hostKey: HostKey.nullable() });

export const Server = z.object({
  id: z.string(),
  name: z.string(),
  place: z.discriminatedUnion("kind", [
    /** Behind a jump host, the address is the one that the jump host knows it by. */
    KnownLogin.extend({ kind: z.literal("ssh"), jump: KnownLogin.optional() }),
    z.object({ kind: z.literal("local") }),
  ]),
  /** When the last provisioning succeeded, and the daemon version it left. */
  provisioned: z.object({ at: z.iso.datetime(), version: z.string() }).nullable(),
});
export type Server = z.infer<typeof Server>;

/** Set when it is about the jump host: its address. */
const jumpHost = z.string().optional();

/** What the host needs from a person to go on connecting. */
export const Question = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("host_key"), hostKey: HostKey, jumpHost }),
  z.object({ kind: z.literal("passphrase"), keyFile: z.string(), wrong: z.boolean(), jumpHost }),
  z.object({ kind: z.literal("password"), user: z.string(), wrong: z.boolean(), jumpHost }),
  /** Which of several keys in the agent is to be offered; the server has refused the one of `refused`. */
  z.object({ kind: z.literal("agent_key"), keys: z.array(AgentKey), refused: z.string().optional(), jumpHost }),
]);
export type Question = z.infer<typeof Question>;

export const Answer = z.discriminatedUnion("kind", [
  /** The fingerprint that was shown; pinned when it is still the one the server has. */
  z.object({ kind: z.literal("host_key"), fingerprint: z.string() }),
  z.object({ kind: z.literal("passphrase"), passphrase: z.string(), remember: z.boolean() }),
  z.object({ kind: z.literal("password"), password: z.string() }),
  z.object({ kind: z.literal("agent_key"), fingerprint: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;

export const Connection = z.discriminatedUnion("state", [
  z.object({ state: z.literal("offline") }),
  z.object({ state: z.literal("connecting"), attempt: z.number().int() }),
  z.object({ state: z.literal("asking"), question: Question }),
  z.object({
    state: z.literal("online"),
    since: z.iso.datetime(),
    latencyMs: z.number().nullable(),
    /** The connection stands, and nothing came back for what was sent since then; null while the server answers. */
    silentSince: z.iso.datetime().nullable(),
  }),
  /** Lost or unreachable; tried again at `retryAt`, for ever. */
  z.object({ state: z.literal("waiting"), retryAt: z.iso.datetime(), error: WireError }),
  /** Trying again would not help; a person must act. */
  z.object({
    state: z.literal("refused"),
    error: WireError,
    expected: HostKey.optional(),
    found: HostKey.optional(),
    jumpHost,
  }),
]);
export type Connection = z.infer<typeof Connection>;

export const ServerView = z.object({
  server: Server,
  connection: Connection,
  /** Its audit trail was changed, which nobody has acknowledged yet. */
  auditAlarm: AuditAlarm.optional(),
});
export type ServerView = z.infer<typeof ServerView>;

/** Whether a daemon should be there to talk to. */
export function hasTeam({ server }: Pick<ServerView, "server">): boolean {
  return server.place.kind === "local" || server.provisioned !== null;
}

/** Whether its daemon can be asked now. */
export function isTeamReachable(view: ServerView): boolean {
  return hasTeam(view) && view.connection.state === "online";
}

/** A machine that is logged in to on the way to a server, as `ProxyJump` of OpenSSH. */
export const SshJump = z.object({ address: SshAddress, auth: SshAuth });
export type SshJump = z.infer<typeof SshJump>;

/** Where a server is and how to log in. */
export const SshLogin = z.object({ address: SshAddress, auth: SshAuth, jump: SshJump.optional() });
export type SshLogin = z.infer<typeof SshLogin>;

export const NewServer = SshLogin.extend({
  /** Defaults to the host. */
  name: z.string().trim().min(1).max(64).optional(),
});
export type NewServer = z.infer<typeof NewServer>;

/** A `Host` entry of `~/.ssh/config` that names one machine. */
export const SshConfigHost = z.object({
  alias: z.string(),
  address: SshAddress,
  keyFile: z.string().nullable(),
  jump: z.object({ address: SshAddress, keyFile: z.string().nullable() }).optional(),
});
export type SshConfigHost = z.infer<typeof SshConfigHost>;

const id = z.object({ id: z.string() });

export const servers = {
  list: api.output(z.array(ServerView)),
  /** The whole list now, and again after each change. */
  watch: api.output(eventIterator(z.array(ServerView))),
  add: api.input(NewServer).output(Server),
  rename: api.input(z.object({ id: z.string(), name: z.string().trim().min(1).max(64) })).output(Server),
  /**
   * At another host or port, or behind another jump host, its fingerprint is asked for again; passwords are forgotten
   * when the address differs. A server that was being connected is connected anew. Refused while the server is being
   * provisioned.
   */
  changeLogin: api.input(SshLogin.extend({ id: z.string() })).output(Server),
  /** Forgets the server on this computer; changes nothing on the server. */
  remove: api.input(id).output(z.void()),
  connect: api.input(id).output(z.void()),
  disconnect: api.input(id).output(z.void()),
  answer: api.input(z.object({ id: z.string(), answer: Answer })).output(z.void()),
  /** After a changed host key, when a person has verified the new one. */
  replaceHostKey: api.input(z.object({ id: z.string(), fingerprint: z.string() })).output(z.void()),
  sshConfigHosts: api.output(z.array(SshConfigHost)),
  /** Private keys in `~/.ssh`, such as `~/.ssh/id_ed25519`; those that `ssh` itself tries come first. */
  keyFiles: api.output(z.array(z.string())),
};
