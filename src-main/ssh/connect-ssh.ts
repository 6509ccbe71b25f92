import type { Client } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { HostKey, Server } from "../../contract/servers.ts";
import { hostText } from "../../contract/ssh-address.ts";
import { HostKeyChanged } from "../servers/host-key-changed.ts";
import type { Connector, ConnectRequest, OpenLink } from "../servers/link.ts";
import { findCredentials, needsQuestion, type Login } from "./credentials.ts";
import { type LoggedIn, logIn, probeHostKey } from "./handshake.ts";
import { sameHostKey } from "./host-key.ts";
import { createFollowedJobs } from "./run-detached.ts";
import { createSshLink } from "./ssh-link.ts";

type SshPlace = Extract<Server["place"], { kind: "ssh" }>;

export function createSshConnector(): Connector {
  const jobs = createFollowedJobs();
  return {
    async connect(request): Promise<OpenLink> {
      const { place } = request.server;
      if (place.kind !== "ssh") throw new Error(`${request.server.id} is not reached over SSH`);
      const pinned = await agreeOnHostKey(place, request);
      const login = await logInAsking(place, pinned, request);
      return createSshLink({
        ...login,
        signedInWith: place.auth.kind === "password" ? "password" : "key",
        sudoPassword: () => request.sudoPassword(),
        jobs: jobs.of(request.server.id),
      });
    },
  };
}

/** Looks at the host key first when it is unknown, or when a person will be asked for a secret. */
async function agreeOnHostKey(place: SshPlace, request: ConnectRequest): Promise<HostKey> {
  const { address, hostKey: pinned } = place;
  const mustAsk = await needsQuestion(place.auth, request.secrets);
  if (pinned && !mustAsk) return pinned;
  const found = await probeHostKey({ address, pinned, signal: request.signal });
  if (pinned) {
    if (!sameHostKey(found, pinned)) throw new HostKeyChanged(hostText(address), pinned, found);
    return pinned;
  }
  const answer = await request.ask({ kind: "host_key", hostKey: found });
  if (answer.kind !== "host_key") throw new AppError("app.bad_input", "An answer about the host key was asked for");
  if (answer.fingerprint !== found.fingerprint) {
    throw new AppError(
      "connection.host_key_refused",
      `${hostText(address)} shows the host key ${found.fingerprint}, not ${answer.fingerprint}`,
      { hint: "Compare the fingerprint with the one the server's console shows, then connect again." },
    );
  }
  await request.pin(found);
  return found;
}

interface LoggedInAs extends LoggedIn {
  readonly logInAgain: (signal: AbortSignal) => Promise<Client>;
}

async function logInAsking(place: SshPlace, pinned: HostKey, request: ConnectRequest): Promise<LoggedInAs> {
  let passwordWasWrong = false;
  while (true) {
    const login: Login = { auth: place.auth, user: place.address.user, passwordWasWrong };
    const credentials = await findCredentials(login, request);
    const connect = (signal: AbortSignal) => logIn({ address: place.address, pinned, signal }, credentials);
    try {
      const logInAgain = async (signal: AbortSignal) => (await connect(signal)).client;
      return { ...(await connect(request.signal)), logInAgain };
    } catch (error) {
      const isRefused = error instanceof AppError && error.code === "connection.auth_failed";
      if (!isRefused || place.auth.kind !== "password") throw error;
      request.secrets.keepPassword(undefined);
      passwordWasWrong = true;
    }
  }
}
