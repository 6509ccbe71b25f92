/** Something that could be run on a server and has not been. Building one touches nothing. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Run as root: as it is when the login is root, through `sudo` otherwise, which reads its password from standard input. */
  readonly asRoot: boolean;
  /** Sent on standard input: file contents and secrets, which never stand in an argument. */
  readonly input?: string | undefined;
  /** Exit codes that are answers, not failures. */
  readonly ok: readonly number[];
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whole lines of both streams, as they come. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Milliseconds; unless told, one minute for `run` and 30 minutes for `runDetached`. */
  readonly timeoutMs?: number | undefined;
}

export interface DetachedOptions extends RunOptions {
  /** While a command runs under this key, starting it again joins it. Letters, digits and dashes. */
  readonly key: string;
  /** How long the command may take to end by itself after it was told to; 10 s unless told. */
  readonly stopWithinMs?: number | undefined;
}

export interface Upload {
  /** A file on this computer. */
  readonly source: string;
  /** An absolute path on the server, whose folder exists. */
  readonly destination: string;
  /** Octal, such as "0755". Owned by root. */
  readonly mode: string;
}

export interface UploadOptions {
  /** An upload also ends after 30 minutes. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

/** The key that the app makes for a login by password. */
export interface AppKey {
  /** Its line for `authorized_keys`; the key is made when there is none yet. */
  publicLine(): Promise<string>;
  /** Signs in with it, on a connection that ends at once; from then on, every login of the app is made with it. */
  adopt(signal: AbortSignal): Promise<void>;
}

/**
 * How commands reach a server: over SSH from the app, directly on this computer.
 * Every method rejects with an `AppError`: `connection.lost` when the way to the server broke, `app.cancelled`,
 * `app.timed_out`, `provision.disk_full`, `provision.no_sudo`, `provision.sudo_password_needed` or `_wrong`, and
 * `provision.step_failed` for an exit code that is not `ok` (with the command and its last lines).
 */
export interface Shell {
  /** What the login itself needs to stay good: its key or its password; nothing on this computer. */
  readonly signedInWith: "key" | "password" | "nothing";
  /** Null where no login has a password. */
  readonly appKey: AppKey | null;
  run(command: Command, options?: RunOptions): Promise<CommandResult>;
  /**
   * For long work: goes on when the connection breaks, and can be joined again by its key, up to an hour after its end.
   * `signal` and the deadline end it and everything it started. Both its streams come as standard output.
   */
  runDetached(command: Command, options: DetachedOptions): Promise<CommandResult>;
  /** Temporary name, size and SHA-256 checked on the server, then renamed. A cut leaves no partial file behind the name. */
  upload(upload: Upload, options?: UploadOptions): Promise<void>;
  /** Proves the way in: logs in anew as this login did, on a connection of its own, which ends at once. */
  logInAgain(signal: AbortSignal): Promise<void>;
}

export function command(program: string, ...rest: readonly string[]): Command {
  return { argv: [program, ...rest], asRoot: false, ok: [0] };
}

export function asRoot(inner: Command): Command {
  return { ...inner, asRoot: true };
}

export function withInput(inner: Command, input: string): Command {
  return { ...inner, input };
}

/** Exit codes that the caller reads as answers. */
export function accepting(inner: Command, ...ok: readonly number[]): Command {
  return { ...inner, ok: [0, ...ok] };
}
