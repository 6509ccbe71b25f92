import net from "node:net";
import { networkInterfaces } from "node:os";
import { AppError } from "../../contract/errors.ts";
import { describeWhere } from "../servers/where.ts";
import type { Dial, Target } from "./carrier.ts";
import { gatherWrites } from "./gather-writes.ts";

const DIAL_TIMEOUT_MS = 10_000;

/** Opens the TCP connection. Without `noDelay` each keystroke would wait 40 ms. */
export const dialDirectly: Dial = async (target, signal) => {
  const { address } = target;
  signal.throwIfAborted();
  refuseUnknownInterface(target);
  const socket = net.connect({ host: address.host, port: address.port, noDelay: true });
  const abort = () => socket.destroy(new Error("cancelled"));
  signal.addEventListener("abort", abort);
  const timer = setTimeout(() => socket.destroy(timedOut(target)), DIAL_TIMEOUT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    socket.removeAllListeners("error");
    gatherWrites(socket);
    return { stream: socket, traffic: socket };
  } catch (cause) {
    socket.destroy();
    throw dialError(target, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
};

/** What is sent to an interface that is not there is never answered. */
function refuseUnknownInterface({ address: { host }, where }: Target): void {
  const wanted = host.split("%")[1];
  const known = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => [
    name,
    ...addresses.map((one) => (one.family === "IPv6" ? String(one.scopeid) : name)),
  ]);
  if (wanted === undefined || known.includes(wanted)) return;
  throw new AppError(
    "connection.unreachable",
    `${describeWhere(where)} cannot be reached: this computer has no interface ${wanted}`,
    {
      hint: `Write one of ${Object.keys(networkInterfaces()).join(", ")} after the %.`,
    },
  );
}

function timedOut({ where }: Target): AppError {
  return new AppError(
    "connection.timed_out",
    `${describeWhere(where)} did not answer within ${DIAL_TIMEOUT_MS / 1000} s`,
    { hint: "Check the address, and that the server is on and no firewall drops the connection." },
  );
}

function dialError(target: Target, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const { address } = target;
  const where = describeWhere(target.where);
  if (code === "ECONNREFUSED") {
    return new AppError("connection.refused", `${where} refused the connection on port ${address.port}`, {
      hint: "Check the port, and that the SSH service runs on the server.",
      cause,
    });
  }
  if (code === "ETIMEDOUT") return timedOut(target);
  const why = reasonOf(address, code) ?? describe(cause);
  return new AppError("connection.unreachable", `${where} cannot be reached: ${why}`, {
    hint: "Check the address and this computer's network.",
    cause,
  });
}

function reasonOf({ host }: Target["address"], code: string): string | null {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name cannot be resolved";
  if (code === "ENETUNREACH" && host.includes(":")) return "this computer has no IPv6 network";
  return null;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
