import type { Duplex } from "node:stream";
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type Client } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { HostKey, SshAuth } from "../../contract/servers.ts";
import { HostKeyChanged } from "../servers/host-key-changed.ts";
import { describeWhere } from "../servers/where.ts";
import { algorithmsFor } from "./algorithms.ts";
import type { Dial, Target } from "./carrier.ts";
import { readHostKey, sameHostKey } from "./host-key.ts";
import { offerMethods } from "./offer-methods.ts";
import { readBanner } from "./read-banner.ts";
import type { Traffic } from "./watch-silence.ts";

const READY_TIMEOUT_MS = 20_000;
const KEEPALIVE_INTERVAL_MS = 5_000;
const KEEPALIVE_COUNT = 3;

/** What a login is tried with. */
export interface Credentials {
  /** For messages: "the key ~/.ssh/id_ed25519". */
  readonly description: string;
  readonly methods: AnyAuthMethod[];
  readonly signsInWith: "key" | "password";
  /** What else a person may be asked for when the server refuses it; none for a refusal that stands. */
  readonly otherwise: "a_person" | "none";
  /** How this login is made from then on when it succeeds. */
  readonly kept?: SshAuth;
}

interface Handshake extends Target {
  readonly dial: Dial;
  readonly pinned: HostKey | null;
  readonly signal: AbortSignal;
}

/** A connection, and what it carries. */
export interface LoggedIn {
  readonly client: Client;
  readonly traffic: Traffic;
}

/** The key the server shows. Nothing about the user is sent: the connection ends before the login. */
export async function probeHostKey(handshake: Handshake): Promise<HostKey> {
  let found: HostKey | undefined;
  const opened = await openClient(handshake, { methods: [], accept: (key) => ((found = key), false) }).catch(
    (error: unknown) => {
      if (found) return null;
      throw error instanceof AppError ? error : handshakeFailed(handshake, error);
    },
  );
  opened?.client.destroy();
  if (!found) throw new Error("The handshake ended without a host key");
  return found;
}

/** Logs in. Throws `HostKeyChanged` before any secret is sent when the server's key is not the pinned one. */
export async function logIn(
  handshake: Handshake & { readonly pinned: HostKey },
  credentials: Credentials,
): Promise<LoggedIn> {
  let found: HostKey | undefined;
  let taken: readonly string[] = [];
  const accept = (key: HostKey) => {
    found = key;
    return sameHostKey(key, handshake.pinned);
  };
  const methods = offerMethods(credentials.methods, (left) => (taken = left));
  try {
    return await openClient(handshake, { methods, accept });
  } catch (error) {
    if (found && !sameHostKey(found, handshake.pinned)) {
      throw new HostKeyChanged(handshake.where, handshake.pinned, found);
    }
    if (levelOf(error) === "client-authentication") {
      throw needlessPassword(handshake, credentials, taken) ?? authFailed(handshake, credentials, error);
    }
    throw error instanceof AppError ? error : handshakeFailed(handshake, error);
  }
}

interface Login {
  readonly methods: AuthHandlerMiddleware | [];
  readonly accept: (key: HostKey) => boolean;
}

async function openClient(handshake: Handshake, { methods, accept }: Login): Promise<LoggedIn> {
  const { address, where, pinned, signal } = handshake;
  const { stream, traffic } = await handshake.dial(handshake, signal);
  stream.on("error", () => {});
  const client = new ssh2.Client();
  const abort = () => stream.destroy();
  signal.addEventListener("abort", abort);
  try {
    await readBanner(stream, describeWhere(where));
    signal.throwIfAborted();
    await ready(client, stream, () =>
      client.connect({
        sock: stream,
        username: address.user,
        algorithms: algorithmsFor(pinned),
        hostVerifier: (blob: Buffer) => accept(readHostKey(blob)),
        authHandler: methods,
        readyTimeout: READY_TIMEOUT_MS,
        keepaliveInterval: KEEPALIVE_INTERVAL_MS,
        keepaliveCountMax: KEEPALIVE_COUNT,
      }),
    );
    return { client, traffic };
  } catch (error) {
    stream.destroy();
    if (signal.aborted) throw new AppError("app.cancelled", "Connecting was cancelled", { cause: error });
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function ready(client: Client, stream: Duplex, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("ready", resolve);
    // Stays for the life of the connection: an error without a listener would end the process.
    // A key that the agent does not sign with is no end: the next one is tried.
    client.on("error", (error) => void (levelOf(error) === "agent" || reject(error)));
    client.once("close", () => reject(new Error("The server closed the connection")));
    stream.once("close", () => reject(new Error("The server closed the connection")));
    start();
  });
}

function levelOf(error: unknown): string | undefined {
  return (error as { level?: string }).level;
}

/** A password was offered to a server that takes none: no other password would help. */
function needlessPassword({ where }: Target, { methods }: Credentials, taken: readonly string[]): AppError | null {
  const isPassword = methods.some(({ type }) => type === "password");
  if (!isPassword || taken.length === 0 || methods.some(({ type }) => taken.includes(type))) return null;
  return new AppError(
    "connection.no_password_login",
    `${describeWhere(where)} takes no passwords, only: ${taken.join(", ")}`,
    {
      hint: "Sign in with a key file or the SSH agent. A key that provisioning installed is with the app that did it.",
    },
  );
}

function authFailed({ address, where }: Target, credentials: Credentials, cause: unknown): AppError {
  const message = `${describeWhere(where)} refused ${credentials.description} for the user ${address.user}`;
  return new AppError("connection.auth_failed", message, {
    hint: `Check the user, and that the matching public key is in ~${address.user}/.ssh/authorized_keys on the server.`,
    cause,
  });
}

function handshakeFailed(target: Target, cause: unknown): AppError {
  const where = describeWhere(target.where);
  if (levelOf(cause) === "client-timeout") {
    return new AppError("connection.timed_out", `${where} did not finish the SSH handshake in time`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError("connection.lost", `The connection to ${where} broke before the login: ${why}`, { cause });
}
