import net from "node:net";
import { AppError } from "../../contract/errors.ts";
import type { SshAddress } from "../../contract/servers.ts";
import { gatherWrites } from "./gather-writes.ts";

const DIAL_TIMEOUT_MS = 10_000;

/** Opens the TCP connection. Without `noDelay` each keystroke would wait 40 ms. */
export async function dial(address: SshAddress, signal: AbortSignal): Promise<net.Socket> {
  signal.throwIfAborted();
  const socket = net.connect({ host: bareHost(address.host), port: address.port, noDelay: true });
  const abort = () => socket.destroy(new Error("cancelled"));
  signal.addEventListener("abort", abort);
  const timer = setTimeout(() => socket.destroy(timedOut(address)), DIAL_TIMEOUT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    socket.removeAllListeners("error");
    gatherWrites(socket);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw dialError(address, cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

export function describeAddress({ host, port }: SshAddress): string {
  return port === 22 ? host : `${host}:${port}`;
}

/** An IPv6 address may be written in brackets. */
function bareHost(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function timedOut(address: SshAddress): AppError {
  return new AppError(
    "connection.timed_out",
    `${describeAddress(address)} did not answer within ${DIAL_TIMEOUT_MS / 1000} s`,
    { hint: "Check the address, and that the server is on and no firewall drops the connection." },
  );
}

function dialError(address: SshAddress, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const where = describeAddress(address);
  if (code === "ECONNREFUSED") {
    return new AppError("connection.refused", `${where} refused the connection on port ${address.port}`, {
      hint: "Check the port, and that the SSH service runs on the server.",
      cause,
    });
  }
  if (code === "ETIMEDOUT") return timedOut(address);
  const why = code === "ENOTFOUND" || code === "EAI_AGAIN" ? "its name cannot be resolved" : describe(cause);
  return new AppError("connection.unreachable", `${where} cannot be reached: ${why}`, {
    hint: "Check the address and this computer's network.",
    cause,
  });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
