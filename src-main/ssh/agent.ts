import ssh2, { type BaseAgent, type ParsedKey } from "ssh2";
import type { AgentKey } from "../../contract/servers.ts";
import { AppError } from "../../contract/errors.ts";
import { readHostKey } from "./host-key.ts";
import { withDeadline } from "./session.ts";

const ANSWER_TIMEOUT_MS = 5_000;

/** An SSH agent that answers and holds a key. */
export interface Agent {
  readonly keys: readonly AgentKey[];
  /** The agent with one key alone: each key that is offered counts as a try. Throws when it does not hold that key. */
  offering(fingerprint: string): BaseAgent;
}

export async function openAgent(socket: string | undefined): Promise<Agent> {
  if (!socket) throw missing("No SSH agent is running for this app");
  const found = await withDeadline(readKeys(socket), ANSWER_TIMEOUT_MS, "The SSH agent").catch((cause: unknown) => {
    throw missing(`The SSH agent at ${socket} does not answer`, cause);
  });
  if (found.length === 0) throw missing("The SSH agent holds no key");
  const held = found.map((key) => ({ key, ...readHostKey(key.getPublicSSH()) }));
  return {
    keys: held.map(({ key, algorithm, fingerprint }) => ({ algorithm, fingerprint, comment: key.comment })),
    offering(fingerprint) {
      const chosen = held.find((one) => one.fingerprint === fingerprint);
      if (!chosen) throw missing(`The SSH agent does not hold the key ${fingerprint}`);
      return Object.assign(ssh2.createAgent(socket), {
        getIdentities: (answer: (error: undefined, keys: ParsedKey[]) => void) => answer(undefined, [chosen.key]),
      });
    },
  };
}

function readKeys(socket: string): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    ssh2
      .createAgent(socket)
      .getIdentities((error, keys) => (error ? reject(error) : resolve((keys ?? []) as ParsedKey[])));
  });
}

function missing(message: string, cause?: unknown): AppError {
  const hint = "Start ssh-agent and add your key with ssh-add, or choose another key.";
  return new AppError("connection.agent_missing", message, { hint, cause });
}
