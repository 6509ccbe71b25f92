import type { Client } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { HostKey, SshAuth } from "../../contract/servers.ts";
import { HostKeyChanged } from "../servers/host-key-changed.ts";
import type { ConnectRequest, LoginMemory } from "../servers/link.ts";
import { describeWhere } from "../servers/where.ts";
import type { Dial, Target } from "./carrier.ts";
import { findCredentials, needsQuestion, type Login } from "./credentials.ts";
import { type LoggedIn, logIn, probeHostKey } from "./handshake.ts";
import { sameHostKey } from "./host-key.ts";

/** One login on the way to a server, and whom to ask about it. */
export interface Hop extends Target, LoginMemory, Pick<ConnectRequest, "ask" | "signal"> {
  readonly auth: SshAuth;
  readonly hostKey: HostKey | null;
  readonly dial: Dial;
}

export interface SignedIn extends LoggedIn {
  /** Once more and without asking anybody, on a connection of its own. */
  readonly logInAgain: (signal: AbortSignal) => Promise<Client>;
}

/** Agrees on the host key, then logs in; asks a person for what is missing. */
export async function signIn(hop: Hop): Promise<SignedIn> {
  return await logInAsking(hop, await agreeOnHostKey(hop));
}

/** Looks at the host key first when it is unknown, or when a person will be asked for a secret. */
async function agreeOnHostKey(hop: Hop): Promise<HostKey> {
  const { hostKey: pinned, where } = hop;
  const mustAsk = await needsQuestion(hop.auth, hop.secrets);
  if (pinned && !mustAsk) return pinned;
  const found = await probeHostKey({ ...hop, pinned });
  if (pinned) {
    if (!sameHostKey(found, pinned)) throw new HostKeyChanged(where, pinned, found);
    return pinned;
  }
  const answer = await hop.ask({ kind: "host_key", hostKey: found });
  if (answer.kind !== "host_key") throw new AppError("app.bad_input", "An answer about the host key was asked for");
  if (answer.fingerprint !== found.fingerprint) {
    throw new AppError(
      "connection.host_key_refused",
      `${describeWhere(where)} shows the host key ${found.fingerprint}, not ${answer.fingerprint}`,
      { hint: "Compare the fingerprint with the one the server's console shows, then connect again." },
    );
  }
  await hop.pin(found);
  return found;
}

async function logInAsking(hop: Hop, pinned: HostKey): Promise<SignedIn> {
  let passwordWasWrong = false;
  while (true) {
    const login: Login = { auth: hop.auth, user: hop.address.user, passwordWasWrong };
    const credentials = await findCredentials(login, hop);
    const connect = (signal: AbortSignal) => logIn({ ...hop, pinned, signal }, credentials);
    try {
      const logInAgain = async (signal: AbortSignal) => (await connect(signal)).client;
      return { ...(await connect(hop.signal)), logInAgain };
    } catch (error) {
      const isRefused = error instanceof AppError && error.code === "connection.auth_failed";
      if (!isRefused || hop.auth.kind !== "password") throw error;
      hop.secrets.keepPassword(undefined);
      passwordWasWrong = true;
    }
  }
}
