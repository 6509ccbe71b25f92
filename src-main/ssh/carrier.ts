import type { Duplex } from "node:stream";
import type { SshAddress } from "../../contract/ssh-address.ts";
import type { Where } from "../servers/where.ts";
import type { Traffic } from "./watch-silence.ts";

/** What an SSH connection runs over: a TCP connection, or a channel through a jump host. */
export interface Carrier {
  readonly stream: Duplex;
  readonly traffic: Traffic;
}

export interface Target {
  readonly address: SshAddress;
  readonly where: Where;
}

/** Opens a way to a target, with a deadline of its own. Rejects with an `AppError`. */
export type Dial = (target: Target, signal: AbortSignal) => Promise<Carrier>;

/** Counts what passes through a stream, which must be paused. */
export function countTraffic(stream: Duplex): Traffic {
  const traffic = { bytesRead: 0, bytesWritten: 0 };
  stream.on("data", (bytes: Buffer) => void (traffic.bytesRead += bytes.length));
  const write = stream.write.bind(stream);
  stream.write = ((...parameters: Parameters<typeof write>) => {
    traffic.bytesWritten += (parameters[0] as Buffer).length;
    return write(...parameters);
  }) as typeof stream.write;
  return traffic;
}
