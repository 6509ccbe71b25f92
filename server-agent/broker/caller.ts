import { AGENT_LEVELS, AgentName, agentUser, type Level } from "../../contract/agents.ts";

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

const DAEMON_USER = "ai-infra";

/** By the user that has this id in `passwd`, the text of `/etc/passwd`. An id with two names is nobody's. */
export function callerOf(uid: number, passwd: string): Caller {
  if (uid === 0) return { kind: "operator" };
  const names = passwd.split("\n").flatMap((line) => {
    const [name = "", , id = ""] = line.split(":");
    return id === String(uid) ? [name] : [];
  });
  const [name] = names;
  if (name === undefined || names.length > 1) return { kind: "stranger" };
  if (name === DAEMON_USER) return { kind: "operator" };
  const agent = AgentName.options.find((one) => agentUser(one) === name);
  return agent ? { kind: "agent", agent, level: AGENT_LEVELS[agent] } : { kind: "stranger" };
}
