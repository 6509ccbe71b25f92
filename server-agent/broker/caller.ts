import { AgentName, agentUser, type Level } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";

/** Who is at the other end of the connection, as the kernel told systemd. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
}

/**
 * Reads the instance name of a service that systemd started for one connection to a Unix socket: `number-pid-uid`, from
 * systemd 258 on `number-cookie-pid-uid` or `number-cookie-pid_pidfd-uid`. Null for anything else, such as `0-unknown`.
 */
export function parsePeer(instance: string): Peer | null {
  const [, pid, uid] = /^[0-9]+-(?:[0-9]+-)?([0-9]+)(?:_[0-9]+)?-([0-9]+)$/.exec(instance) ?? [];
  if (pid === undefined || uid === undefined) return null;
  return { pid: Number(pid), uid: Number(uid) };
}

export type Caller =
  | { readonly kind: "agent"; readonly agent: AgentName; readonly level: Level }
  /** The daemon or root: they speak for a person, and may restore snapshots. */
  | { readonly kind: "operator" }
  | { readonly kind: "stranger" };

/** Without the level, which only agents have. */
export type Identity = Exclude<Caller, { kind: "agent" }> | { readonly kind: "agent"; readonly agent: AgentName };

export const DAEMON_USER = "ai-infra";

/** By the user that has this id in `passwd`, the text of `/etc/passwd`. An id with two names is nobody's. */
export function identify(uid: number, passwd: string): Identity {
  if (uid === 0) return { kind: "operator" };
  const names = passwd.split("\n").flatMap((line) => {
    const [name = "", , id = ""] = line.split(":");
    return id === String(uid) ? [name] : [];
  });
  const [name] = names;
  if (name === undefined || names.length > 1) return { kind: "stranger" };
  if (name === DAEMON_USER) return { kind: "operator" };
  const agent = AgentName.options.find((one) => agentUser(one) === name);
  return agent ? { kind: "agent", agent } : { kind: "stranger" };
}

/** With the level that is set. Throws when that cannot be known: then the agent may do nothing. */
export async function withLevel(
  identity: Identity,
  readLevels: () => Promise<Readonly<Record<AgentName, Level>>>,
): Promise<Caller> {
  if (identity.kind !== "agent") return identity;
  const levels = await readLevels().catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("broker.refused", `The levels of agents cannot be known: ${why}`, {
      hint: "Mend the file; until then nothing is done as root for an agent.",
      cause,
    });
  });
  return { ...identity, level: levels[identity.agent] };
}
