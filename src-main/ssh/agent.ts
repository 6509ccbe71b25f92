import ssh2 from "ssh2";
import { AppError } from "../../contract/errors.ts";
import { withDeadline } from "./session.ts";

const ANSWER_TIMEOUT_MS = 5_000;

/** The socket of an SSH agent that answers and holds a key. */
export async function findAgent(socket: string | undefined): Promise<string> {
  if (!socket) throw missing("No SSH agent is running for this app");
  const keys = await withDeadline(countKeys(socket), ANSWER_TIMEOUT_MS, "The SSH agent").catch((cause: unknown) => {
    throw missing(`The SSH agent at ${socket} does not answer`, cause);
  });
  if (keys === 0) throw missing("The SSH agent holds no key");
  return socket;
}

function countKeys(socket: string): Promise<number> {
  return new Promise((resolve, reject) => {
    ssh2.createAgent(socket).getIdentities((error, keys) => (error ? reject(error) : resolve(keys?.length ?? 0)));
  });
}

function missing(message: string, cause?: unknown): AppError {
  const hint = "Start ssh-agent and add your key with ssh-add, or choose a key file.";
  return new AppError("connection.agent_missing", message, { hint, cause });
}
