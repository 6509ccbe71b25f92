import type { Client, ClientChannel } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import { hostText } from "../../contract/ssh-address.ts";
import { describeWhere, type Where } from "../servers/where.ts";
import { countTraffic, type Dial, type Target } from "./carrier.ts";
import { createSession, lost, withDeadline } from "./session.ts";

const FORWARD_TIMEOUT_MS = 15_000;

/** A login on a jump host, and the way on from there. */
export interface Jump {
  readonly dial: Dial;
  /** Null while the connection to the jump host stands. */
  lost(): AppError | null;
  close(): void;
}

export function createJump(client: Client, where: Where): Jump {
  const session = createSession(client);
  let cause: AppError | null = null;
  void session.closed.then((error) => (cause = error));
  return {
    async dial(target, signal) {
      const opened = forward(client, target, where);
      const what = `${describeWhere(where)}: reaching ${hostText(target.address)}`;
      try {
        const waited = Promise.race([opened, untilAborted(signal)]);
        const stream = await session.whileOpen(withDeadline(waited, FORWARD_TIMEOUT_MS, what));
        stream.pause();
        return { stream, traffic: countTraffic(stream) };
      } catch (error) {
        opened.then((late) => late.close(), ignore);
        throw error;
      }
    },
    lost: () =>
      cause && new AppError("connection.lost", `The connection to the jump host ${where.host} was lost`, { cause }),
    close: () => session.close(),
  };
}

/** Nobody waits for a channel any more that was refused late. */
function ignore(): void {}

function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(ignore);
  const cancel = () => reject(new AppError("app.cancelled", "Connecting was cancelled"));
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  return promise;
}

function forward(client: Client, { address }: Target, where: Where): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    try {
      client.forwardOut("127.0.0.1", 0, address.host, address.port, (error, channel) => {
        if (error) reject(forwardError(error, address, where));
        else resolve(channel);
      });
    } catch (error) {
      reject(lost(error));
    }
  });
}

/** Reasons of RFC 4254: 1 is for what the jump host does not allow, 2 for what it could not reach. */
const PROHIBITED = 1;

function forwardError(cause: Error & { reason?: number | string }, address: Target["address"], where: Where): AppError {
  const jumpHost = describeWhere(where);
  if (cause.reason === PROHIBITED || /prohibited/i.test(cause.message)) {
    return new AppError("connection.jump_refused", `${jumpHost} does not forward connections to ${hostText(address)}`, {
      hint: "Look at AllowTcpForwarding and PermitOpen of its SSH server, and at the options of your key there.",
      cause,
    });
  }
  const why = cause.message.replace(/^\(SSH\) Channel open failure: /, "");
  return new AppError("connection.unreachable", `${jumpHost} does not reach ${hostText(address)}: ${why}`, {
    hint: "The address and port are the ones that the jump host knows the server by. Check them from there.",
    cause,
  });
}
