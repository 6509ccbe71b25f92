import { setTimeout as sleep } from "node:timers/promises";
import { AppError, toWireError } from "../../contract/errors.ts";
import type { Answer, Connection, Question, Server } from "../../contract/servers.ts";
import {
  isWorthRetrying,
  nextConnection,
  retryDelay,
  type ConnectionAction,
  type RefusedKeys,
} from "./connection-state.ts";
import { HostKeyChanged } from "./host-key-changed.ts";
import type { Connector, LoginMemory, OpenLink, ServerLink } from "./link.ts";

const LATENCY_INTERVAL_MS = 10_000;

export interface ServerConnectionParts {
  readonly server: () => Server;
  readonly connector: Connector;
  readonly memory: () => LoginMemory;
  readonly jumpMemory: LoginMemory;
  readonly sudoPassword: () => string | undefined;
  readonly onChange: () => void;
}

/** One wish to be connected, from `connect` to `disconnect` or refusal. */
interface Run {
  readonly abort: AbortController;
  link: OpenLink | null;
  open: { readonly question: Question; resolve(answer: Answer): void } | null;
}

/** Keeps one server connected, for as long as it is wanted. */
export class ServerConnection {
  readonly #parts: ServerConnectionParts;
  readonly #waiters = new Set<() => void>();
  #state: Connection = { state: "offline" };
  #run: Run | null = null;

  constructor(parts: ServerConnectionParts) {
    this.#parts = parts;
  }

  current(): Connection {
    return this.#state;
  }

  /** Starts trying. While waiting for the next attempt, tries at once. */
  connect(): void {
    if (this.#run && this.#state.state !== "waiting") return;
    this.#run?.abort.abort();
    const run: Run = { abort: new AbortController(), link: null, open: null };
    this.#run = run;
    void this.#keepTrying(run);
  }

  disconnect(): void {
    this.#run?.abort.abort();
    this.#run?.link?.close();
    this.#run = null;
    this.#move({ type: "disconnected" });
  }

  answer(answer: Answer): void {
    const open = this.#run?.open;
    if (!open || open.question.kind !== answer.kind) {
      throw new AppError("app.bad_input", "Nothing is asked that this would answer");
    }
    open.resolve(answer);
  }

  /** Starts connecting when nothing does. Rejects when a person must act first. */
  async whenOnline(signal: AbortSignal): Promise<ServerLink> {
    if (!this.#run) this.connect();
    return waitUntil({ waiters: this.#waiters, signal, find: () => this.#linkOrThrow() });
  }

  async #keepTrying(run: Run): Promise<void> {
    for (let failures = 0; !run.abort.signal.aborted;) {
      const error = await this.#attempt(run, failures + 1).catch((error: unknown) => error);
      const wasOnline = run.link !== null;
      failures = wasOnline ? 1 : failures + 1;
      run.link = null;
      run.open = null;
      if (run !== this.#run) return;
      const wire = toWireError(error);
      if (!wasOnline && !isWorthRetrying(wire)) {
        this.#run = null;
        const keys = error instanceof HostKeyChanged ? keysOf(error) : null;
        return this.#move({ type: "refused", error: wire, keys });
      }
      const delay = retryDelay(failures);
      this.#move({ type: "lost", error: wire, retryAt: new Date(Date.now() + delay).toISOString() });
      await sleep(delay, undefined, { signal: run.abort.signal }).catch(() => {});
    }
  }

  /** One connection from its opening to its loss, which is thrown. */
  async #attempt(run: Run, attempt: number): Promise<never> {
    const { signal } = run.abort;
    this.#move({ type: "attempt_started", attempt });
    const { connector, memory, jumpMemory, sudoPassword } = this.#parts;
    const server = this.#parts.server();
    const ask = (question: Question) => this.#ask(run, question, attempt);
    const link = await connector.connect({
      ...this.#ofRun(run, memory()),
      jump: this.#ofRun(run, jumpMemory),
      server,
      signal,
      sudoPassword,
      ask,
    });
    if (run !== this.#run) {
      link.close();
      throw cancelled();
    }
    run.link = link;
    this.#move({ type: "opened", at: new Date().toISOString() });
    throw await this.#lossOf(link);
  }

  /** Keeps nothing of an attempt that was given up: the server may have another address by then. */
  #ofRun(run: Run, { pin, keepAuth, ...rest }: LoginMemory): LoginMemory {
    return {
      ...rest,
      pin: async (hostKey) => {
        if (run !== this.#run) throw cancelled();
        await pin(hostKey);
      },
      keepAuth: async (auth) => {
        if (run === this.#run) await keepAuth(auth);
      },
    };
  }

  async #ask(run: Run, question: Question, attempt: number): Promise<Answer> {
    if (run !== this.#run) throw cancelled();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    run.abort.signal.addEventListener("abort", () => reject(cancelled()), { once: true });
    run.open = { question, resolve };
    this.#move({ type: "question_asked", question });
    const answer = await promise;
    run.open = null;
    this.#move({ type: "question_answered", attempt });
    return answer;
  }

  async #lossOf(link: OpenLink): Promise<AppError> {
    const measure = () => void link.ping().then((ms) => this.#move({ type: "latency_measured", ms }), ignore);
    const timer = setInterval(measure, LATENCY_INTERVAL_MS);
    timer.unref();
    measure();
    link.onSilence((since) =>
      this.#move(since ? { type: "fell_silent", since: since.toISOString() } : { type: "answered_again" }),
    );
    const error = await link.closed;
    clearInterval(timer);
    return error ?? new AppError("connection.lost", "The connection was closed");
  }

  #linkOrThrow(): ServerLink | null {
    if (this.#state.state === "refused") throw AppError.fromWire(this.#state.error);
    if (this.#state.state === "offline") throw new AppError("server.not_connected", "The server was disconnected");
    return this.#run?.link ?? null;
  }

  #move(action: ConnectionAction): void {
    this.#state = nextConnection(this.#state, action);
    this.#parts.onChange();
    for (const wake of this.#waiters) wake();
  }
}

function keysOf({ expected, found, jumpHost }: HostKeyChanged): RefusedKeys {
  return { expected, found, ...(jumpHost !== undefined && { jumpHost }) };
}

interface Wait<T> {
  readonly waiters: Set<() => void>;
  readonly signal: AbortSignal;
  readonly find: () => T | null;
}

/** The first thing `find` finds, now or after a change. */
async function waitUntil<T>({ waiters, signal, find }: Wait<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      waiters.delete(look);
      signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      stop();
      reject(cancelled());
    };
    const look = () => {
      try {
        const found = find();
        if (found === null) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    if (signal.aborted) return reject(cancelled());
    waiters.add(look);
    signal.addEventListener("abort", abort);
    look();
  });
}

function cancelled(): AppError {
  return new AppError("app.cancelled", "Waiting for the server was cancelled");
}

/** A measurement that failed says nothing; the loss of the connection is told by itself. */
function ignore(): void {}
