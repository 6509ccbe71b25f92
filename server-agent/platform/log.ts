import { createRedact } from "./redact.ts";

/** JSON lines on stdout, for the journal. Values registered as secret never reach it. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

type Fields = Readonly<Record<string, unknown>>;

const LEVELS = ["debug", "info", "warn", "error"] as const;
type LogLevel = (typeof LEVELS)[number];

export interface LogOptions {
  readonly level?: string | undefined;
  readonly secrets?: readonly string[];
  readonly write?: (line: string) => void;
}

export function createLog({ level, secrets = [], write = writeStdout }: LogOptions): Log {
  const lowest = LEVELS.findIndex((name) => name === level);
  const from = lowest === -1 ? LEVELS.indexOf("info") : lowest;
  const redact = createRedact(secrets);
  const at =
    (name: LogLevel) =>
    (message: string, fields: Fields = {}): void => {
      if (LEVELS.indexOf(name) < from) return;
      const line = JSON.stringify({ at: new Date().toISOString(), level: name, message, ...fields }, plainErrors);
      write(`${redact(line)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function plainErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
}

function writeStdout(line: string): void {
  process.stdout.write(line);
}
