import type { Duplex } from "node:stream";
import type { AppError } from "../../contract/errors.ts";
import type { Answer, HostKey, Question, Server, SshAuth } from "../../contract/servers.ts";
import type { Shell } from "../../provisioning/shell.ts";
import type { AppKeyStore } from "./app-keys.ts";

/** A working way to one server: over SSH, or directly on this computer. Every method rejects with an `AppError`. */
export interface ServerLink {
  readonly shell: Shell;
  /** The Unix socket of the daemon's API there. */
  readonly daemonSocket: string;
  /** A pipe to a Unix socket there. */
  openSocket(path: string): Promise<Duplex>;
  /** A view of one window of the team's tmux session, of its own size. */
  openTerminal(window: string, size: TerminalSize): Promise<TerminalStream>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalStream {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** No more output until `resume`. */
  pause(): void;
  resume(): void;
  /** Bytes that came nevertheless and wait for `resume`. */
  waiting(): number;
  onData(listener: (bytes: Uint8Array<ArrayBuffer>) => void): void;
  /** Called once. Not called after `close`. */
  onEnd(listener: (end: TerminalEnd) => void): void;
  close(): void;
}

export type TerminalEnd =
  | { readonly kind: "exited"; readonly exitCode: number | null; readonly message: string }
  | { readonly kind: "lost" };

/** A link and the connection under it, owned by whoever opened it. */
export interface OpenLink extends ServerLink {
  /** Settles once, with what broke the connection, or null after `close`. Never rejects. */
  readonly closed: Promise<AppError | null>;
  /** Milliseconds of one round trip. */
  ping(): Promise<number>;
  /** Called with the time since when the server has not answered, and with null when it does again. */
  onSilence(listener: (since: Date | null) => void): void;
  close(): void;
}

/** What is kept of one login, to the server or to its jump host. */
export interface LoginMemory {
  /** Keeps a host key a person has accepted. */
  readonly pin: (hostKey: HostKey) => Promise<void>;
  /** Keeps how the login was made, for the next time. */
  readonly keepAuth: (auth: SshAuth) => Promise<void>;
  /** The app's own key for it; null where none is made. */
  readonly appKey: AppKeyStore | null;
  readonly secrets: ConnectionSecrets;
}

export interface ConnectRequest extends LoginMemory {
  readonly server: Server;
  readonly signal: AbortSignal;
  /** Asks a person; rejects when `signal` aborts. A wrong answer is asked again, with `wrong` set. */
  readonly ask: (question: Question) => Promise<Answer>;
  /** Of the login to its jump host, if it has one. */
  readonly jump: LoginMemory;
  /** Given by a person for `sudo`, kept in memory only. */
  sudoPassword(): string | undefined;
}

/** What a person has told before, so that a reconnect asks nothing. */
export interface ConnectionSecrets {
  passphrase(keyFile: string): Promise<string | undefined>;
  /** In memory, and in the keychain as well when a person said so. */
  keepPassphrase(keyFile: string, passphrase: string, remember: boolean): Promise<void>;
  password(): string | undefined;
  /** In memory only. Undefined forgets it. */
  keepPassword(password: string | undefined): void;
}

/** One way to reach servers of one kind of place. */
export interface Connector {
  /** One attempt, with deadlines of its own. Rejects with an `AppError`. */
  connect(request: ConnectRequest): Promise<OpenLink>;
}

/** What other parts of the host may do with the servers. */
export interface Links {
  /** The server's link as soon as it is online; starts connecting when it is not. */
  whenOnline(serverId: string, signal: AbortSignal): Promise<ServerLink>;
  setSudoPassword(serverId: string, password: string): void;
  setProvisioned(serverId: string, provisioned: Server["provisioned"]): Promise<void>;
}
