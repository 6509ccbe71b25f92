/**
 * What the supervisor of the team on this computer keeps running: written by the host, read by the supervisor, which
 * is a small program of its own and therefore takes nothing from the contract but this shape.
 */
export interface TeamSpec {
  /** Of the installed programs: a team with another one is replaced as a whole. */
  readonly runtime: string;
  /** Of the daemon's settings: the daemon alone is restarted when it differs. */
  readonly settings: string;
  readonly model: string;
  /** The whole environment of everything that is started. */
  readonly env: Readonly<Record<string, string>>;
  /** Everything in it is removed when the team has stopped. */
  readonly runDir: string;
  readonly logDir: string;
  /** Files of the supervisor itself, and the working folder of what it starts. */
  readonly stateDir: string;
  readonly postgres: {
    readonly initdb: string;
    readonly postgres: string;
    readonly folder: string;
    readonly socketDir: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  readonly redis: { readonly program: string; readonly folder: string; readonly socket: string };
  readonly daemon: {
    readonly argv: Argv;
    /** Added to the environment of the daemon alone. */
    readonly env: Readonly<Record<string, string>>;
    readonly socket: string;
  };
  readonly tmux: { readonly startArgv: Argv; readonly program: string; readonly socket: string };
}

export type Argv = readonly [string, ...string[]];

/** What the supervisor says about itself in its state file. */
export type TeamReport =
  | { readonly state: "starting"; readonly doing: string }
  | { readonly state: "running"; readonly since: string; readonly model: string; readonly settings: string }
  | { readonly state: "stopping" }
  /** Nothing is left running. */
  | { readonly state: "stopped" }
  | { readonly state: "failed"; readonly message: string; readonly details: string };

export const STATE_FILE = "state.json";
/** Every process that was started, by name. */
export const PROCESSES_FILE = "processes.json";
