import net from "node:net";
import path from "node:path";
import type { Duplex } from "node:stream";
import { API_SOCKET } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { Connector, OpenLink } from "../servers/link.ts";
import type { Local } from "./create-local.ts";
import { createLocalShell } from "./local-shell.ts";
import { openLocalTerminal } from "./local-terminal.ts";

const OPEN_WITHIN_MS = 5000;
const WATCH_EVERY_MS = 1000;

/**
 * Reaches the team on this computer. A team that should run and does not, after a reboot or because its supervisor was
 * killed, is started again.
 */
export function createLocalConnector(local: Local): Connector {
  return {
    async connect() {
      const { state } = await local.status();
      if (state !== "running" && !local.isWanted()) throw stopped();
      if (state !== "running") await local.start();
      return openLink(local);
    },
  };
}

function openLink(local: Local): OpenLink {
  const { places } = local;
  const daemonSocket = path.join(places.run, API_SOCKET);
  const closing = new AbortController();
  const shell = createLocalShell();
  return {
    shell,
    daemonSocket,
    openSocket,
    openTerminal: (window, size) => openLocalTerminal(places, window, size),
    closed: untilStopped(local, closing.signal),
    async ping() {
      const startedAt = performance.now();
      (await openSocket(daemonSocket)).destroy();
      return performance.now() - startedAt;
    },
    // What does not answer here has ended, which `closed` tells.
    onSilence: () => undefined,
    close: () => closing.abort(),
  };
}

/** A pipe to a Unix socket of this computer. */
function openSocket(file: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(file);
    const timer = setTimeout(() => socket.destroy(new Error("no answer")), OPEN_WITHIN_MS);
    const fail = (cause: Error) => {
      clearTimeout(timer);
      reject(unreachable(cause));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** Resolves with null when `signal` aborts. */
function untilStopped(local: Local, signal: AbortSignal): Promise<AppError | null> {
  return new Promise((resolve) => {
    const look = async () => {
      const { state } = await local.status();
      if (state === "stopped" || state === "unsupervised") end(local.isWanted() ? lost() : stopped());
    };
    const timer = setInterval(() => void look(), WATCH_EVERY_MS);
    timer.unref();
    const end = (reason: AppError | null) => {
      clearInterval(timer);
      resolve(reason);
    };
    signal.addEventListener("abort", () => end(null), { once: true });
  });
}

function stopped(): AppError {
  return new AppError("daemon.unreachable", "The team on this computer is stopped", { hint: "Start it." });
}

/** Worth another attempt, which starts the team again. */
function lost(): AppError {
  return new AppError("connection.lost", "The supervisor of the team on this computer has ended");
}

function unreachable(cause: Error): AppError {
  return new AppError("daemon.unreachable", "The daemon on this computer does not answer", {
    hint: "It starts again by itself; if it does not, stop the team and start it.",
    cause,
  });
}
