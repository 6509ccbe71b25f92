import { isDeepStrictEqual } from "node:util";
import type { Client } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { HostKey, SshAuth } from "../../contract/servers.ts";
import type { AppKey } from "../../provisioning/shell.ts";
import { HostKeyChanged } from "../servers/host-key-changed.ts";
import type { ConnectRequest, LoginMemory } from "../servers/link.ts";
import { describeWhere } from "../servers/where.ts";
import type { Dial, Target } from "./carrier.ts";
import { appKeyCredentials, publicLineOf } from "./app-key.ts";
import { findCredentials, needsQuestion } from "./credentials.ts";
import { type Credentials, type LoggedIn, logIn, probeHostKey } from "./handshake.ts";
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
  /** With what all further logins are made. */
  readonly signedInWith: () => "key" | "password";
  readonly appKey: AppKey | null;
}

/** Agrees on the host key, then logs in; asks a person for what is missing. */
export async function signIn(hop: Hop): Promise<SignedIn> {
  return await logInAsking(hop, await agreeOnHostKey(hop));
}

/** Looks at the host key first when it is unknown, or when a person will be asked for a secret. */
async function agreeOnHostKey(hop: Hop): Promise<HostKey> {
  const { hostKey: pinned, where } = hop;
  const mustAsk = await needsQuestion(hop);
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
  let refused: Credentials | null = null;
  while (true) {
    const credentials: Credentials = await findCredentials({ auth: hop.auth, user: hop.address.user, refused }, hop);
    try {
      const opened = await logIn({ ...hop, pinned }, credentials);
      await keepAuth(hop, credentials).catch((error: unknown) => {
        opened.client.destroy();
        throw error;
      });
      return { ...opened, ...furtherLogins({ ...hop, pinned }, credentials) };
    } catch (error) {
      const isRefused = error instanceof AppError && error.code === "connection.auth_failed";
      if (!isRefused || credentials.otherwise === "none") throw error;
      if (credentials.signsInWith === "password") hop.secrets.keepPassword(undefined);
      refused = credentials;
    }
  }
}

async function keepAuth(hop: Hop, { kept }: Credentials): Promise<void> {
  if (kept && !isDeepStrictEqual(kept, hop.auth)) await hop.keepAuth(kept);
}

/** Logins after the first one, which ask nobody: as that one, or with the app's key once it was adopted. */
function furtherLogins(hop: Hop & { readonly pinned: HostKey }, first: Credentials) {
  let credentials = first;
  const { appKey: store } = hop;
  const appKey = store && {
    publicLine: () => publicLineOf(store),
    async adopt(signal: AbortSignal) {
      const own = await appKeyCredentials(store, hop.address.user);
      if (!own) throw new Error("No key was made");
      (await logIn({ ...hop, signal }, own)).client.end();
      credentials = own;
    },
  };
  return {
    appKey,
    signedInWith: () => credentials.signsInWith,
    logInAgain: async (signal: AbortSignal) => (await logIn({ ...hop, signal }, credentials)).client,
  };
}
