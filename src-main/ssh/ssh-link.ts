import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { OpenLink } from "../servers/link.ts";
import { exchange, limited, write } from "./exchange.ts";
import type { Jump } from "./jump.ts";
import { createElevation } from "./root.ts";
import { runCommand, type Server } from "./run-command.ts";
import { runDetached, type FollowedJobs } from "./run-detached.ts";
import { createSession, lost, withDeadline, type SshSession } from "./session.ts";
import type { SignedIn } from "./sign-in.ts";
import { createTerminalPlaces } from "./terminal-places.ts";
import { upload } from "./upload.ts";
import { watchSilence } from "./watch-silence.ts";

const DAEMON_SOCKET = "/run/ai-infrastructure/api.sock";
const SOCKET_TIMEOUT_MS = 10_000;
const QUESTION_TIMEOUT_MS = 30_000;

interface SshLinkParts extends SignedIn {
  /** Ends with the link. */
  readonly jump: Jump | null;
  readonly sudoPassword: () => string | undefined;
  readonly jobs: FollowedJobs;
}

export function createSshLink(parts: SshLinkParts): OpenLink {
  const { client, traffic, logInAgain, jump, sudoPassword, jobs } = parts;
  const session = createSession(client);
  const ended = new AbortController();
  const closed = session.closed.then((error) => error && (jump?.lost() ?? error));
  void closed.then(() => ended.abort());
  void closed.then(() => jump?.close());
  const terminals = createTerminalPlaces(session, async () => createSession(await logInAgain(ended.signal)));
  const server: Server = {
    session,
    elevation: createElevation((line, input) => runLine(session, line, input), sudoPassword),
  };
  return {
    shell: {
      get signedInWith() {
        return parts.signedInWith();
      },
      appKey: parts.appKey,
      logInAgain: async (signal) => void (await logInAgain(AbortSignal.any([signal, ended.signal]))).end(),
      run: (command, options) => runCommand(server, command, options),
      runDetached: (command, options) => runDetached({ server, jobs, command, options }),
      upload: (file, options) => upload(server, file, options),
    },
    daemonSocket: DAEMON_SOCKET,
    openSocket: (path) => session.whileOpen(withDeadline(openSocket(client, path), SOCKET_TIMEOUT_MS, path)),
    openTerminal: (window, size) => terminals.open(window, size),
    closed,
    ping: () => session.ping(),
    onSilence(onChange) {
      const ask = () => void session.ping().catch(ignore);
      void session.closed.then(watchSilence({ traffic, ask, onChange }));
    },
    close: () => session.close(),
  };
}

/** A question without an answer is what is watched for; the loss of the connection is told by itself. */
function ignore(): void {}

async function runLine(session: SshSession, line: string, input: string) {
  return limited({ timeoutMs: QUESTION_TIMEOUT_MS, what: "Asking the server about its user" }, (signal) =>
    exchange(session, { line, feed: (channel) => write(channel, input), signal }),
  );
}

function openSocket(client: Client, path: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      client.openssh_forwardOutStreamLocal(path, (error, channel) => {
        if (error) reject(socketError(path, error));
        else resolve(channel);
      });
    } catch (error) {
      reject(lost(error));
    }
  });
}

function socketError(path: string, cause: Error): AppError {
  return new AppError("daemon.unreachable", `Nothing answers at ${path} on the server`, {
    hint: "Provision the server, or look at `systemctl status ai-infrastructure` there.",
    cause,
  });
}
