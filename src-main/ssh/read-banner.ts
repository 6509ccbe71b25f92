import type { Duplex } from "node:stream";
import { AppError } from "../../contract/errors.ts";

const BANNER_TIMEOUT_MS = 8_000;

/** An SSH server speaks first. Waits for its first bytes, looks at them and puts them back. */
export async function readBanner(stream: Duplex, where: string): Promise<void> {
  const first = await firstBytes(stream);
  if (first === null) {
    throw new AppError("connection.not_ssh", `${where} takes connections, but does not speak like an SSH server`, {
      hint: "Check the port. SSH is usually on port 22.",
    });
  }
  if (!/(^|\n)SSH-/.test(first.toString("latin1"))) {
    throw new AppError("connection.not_ssh", `${where} answers, but is not an SSH server`, {
      hint: "Check the port. SSH is usually on port 22.",
      details: `It said: ${JSON.stringify(first.toString("latin1").slice(0, 80))}`,
    });
  }
  stream.unshift(first);
}

/** Null when nothing came before the deadline or the end. The stream is paused afterwards. */
async function firstBytes(stream: Duplex): Promise<Buffer | null> {
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  const nothing = () => resolve(null);
  const something = (bytes: Buffer) => {
    stream.pause();
    resolve(bytes);
  };
  const timer = setTimeout(nothing, BANNER_TIMEOUT_MS);
  stream.once("data", something).once("end", nothing).once("close", nothing).resume();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stream.off("data", something).off("end", nothing).off("close", nothing);
  }
}
