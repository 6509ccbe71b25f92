import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WindowName } from "../../contract/agents.ts";
import { TMUX_SESSION, TMUX_SOCKET } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import { findProgram, programFolders } from "../platform/find-program.ts";
import type { Argv } from "../platform/run-program.ts";
import type { TerminalEnd, TerminalSize, TerminalStream } from "../servers/link.ts";
import type { Places } from "./places.ts";
import { asTeam } from "./team-user.ts";
import { isListening } from "./team/sockets.ts";

const OPEN_WITHIN_MS = 10_000;
const POLL_MS = 50;
const TAIL_CHARACTERS = 400;

/** A tmux session of its own on the window, in a terminal of this computer. */
export async function openLocalTerminal(places: Places, window: string, size: TerminalSize): Promise<TerminalStream> {
  const socket = path.join(places.run, TMUX_SOCKET);
  const known = WindowName.safeParse(window);
  if (!known.success) throw unavailable(`There is no window ${window}`);
  if (!(await listensSoon(socket))) throw unavailable("The agents' windows are not open");
  const { spawn } = await import("@lydell/node-pty");
  const [program, ...parameters] = asTeam(statSync(places.state), viewArgv(socket, known.data));
  const pty = spawn(program, parameters, {
    name: "xterm-256color",
    cols: size.columns,
    rows: size.rows,
    cwd: "/",
    encoding: null,
    env: { PATH: programFolders().join(path.delimiter), TERM: "xterm-256color", LANG: "C.UTF-8" },
  });
  let isOpen = true;
  let tail = "";
  pty.onData((data) => (tail = `${tail}${data}`.slice(-TAIL_CHARACTERS)));
  return {
    // Without an encoding both ways are buffers, whatever the types say.
    write: (bytes) => isOpen && pty.write(Buffer.from(bytes) as unknown as string),
    resize: ({ columns, rows }) => isOpen && pty.resize(columns, rows),
    pause: () => isOpen && pty.pause(),
    resume: () => isOpen && pty.resume(),
    // It is the kernel that holds the rest back, a few kilobytes.
    waiting: () => 0,
    onData: (listener) => pty.onData((data) => listener(new Uint8Array(data as unknown as Buffer))),
    onEnd: (listener) =>
      pty.onExit(({ exitCode }) => {
        const isClosed = !isOpen;
        isOpen = false;
        if (!isClosed) void howItEnded(socket, exitCode, tail).then(listener);
      }),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      // tmux leaves on SIGHUP, and its view session ends with it.
      pty.kill();
    },
  };
}

function viewArgv(socket: string, window: WindowName): Argv {
  const view = `view-${randomUUID().slice(0, 8)}`;
  const attach = ["new-session", "-t", TMUX_SESSION, "-s", view, ";", "set-option", "destroy-unattached", "on", ";"];
  return [findProgram("tmux") ?? "tmux", "-S", socket, ...attach, "select-window", "-t", `${view}:${window}`];
}

/** A tmux server that was killed is started again by the supervisor. */
async function listensSoon(socket: string): Promise<boolean> {
  const deadline = Date.now() + OPEN_WITHIN_MS;
  while (!(await isListening(socket))) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** `lost` when the tmux server is gone: the supervisor starts another one. */
async function howItEnded(socket: string, exitCode: number, tail: string): Promise<TerminalEnd> {
  if (exitCode !== 0 || !(await isListening(socket))) return { kind: "lost" };
  return { kind: "exited", exitCode, message: tail.trim() };
}

function unavailable(message: string): AppError {
  return new AppError("terminal.unavailable", message, { hint: "Check the team's state, then try again." });
}
