import { AppError, type WireError } from "../../contract/errors.ts";
import type { Server } from "../../contract/servers.ts";
import { hostText, loginText } from "../../contract/ssh-address.ts";
import type { Host } from "../app.ts";
import type { Screen } from "./screen.ts";

/** What every command works with. */
export interface Context {
  readonly host: Host;
  readonly screen: Screen;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Options;
  /** The words after the command's name. */
  readonly words: readonly string[];
}

export interface Options {
  readonly json: boolean;
  readonly help: boolean;
  readonly yes: boolean;
  readonly plan: boolean;
  readonly password: boolean;
  readonly "ssh-agent": boolean;
  readonly identity?: string;
  readonly "agent-key"?: string;
  readonly name?: string;
  readonly server?: string;
  readonly agent?: string;
  readonly mode?: string;
  readonly model?: string;
  readonly minutes?: string;
  readonly days?: string;
  readonly "accept-host-key"?: string;
  readonly jump?: string;
  readonly "jump-identity"?: string;
  readonly "jump-password": boolean;
  readonly "accept-jump-key"?: string;
  readonly "key-file"?: string;
  readonly url?: string;
  readonly task?: string;
  readonly kind?: string;
  readonly text?: string;
  readonly limit?: string;
  readonly "prompt-file"?: string;
  readonly tools?: string;
  readonly budget?: string;
  readonly "max-tokens"?: string;
  readonly concurrency?: string;
  readonly effort?: string;
  readonly thinking?: string;
  readonly driver?: string;
  readonly docker?: boolean;
  readonly qdrant?: string;
  readonly "reboot-at"?: string;
  readonly "package-updates"?: boolean;
}

/** What a command ends with: the last line of `--json`, and how the process exits. */
export interface Outcome {
  readonly result: object;
  readonly exitCode: number;
}

export const OK = 0;
export const FAILED = 1;
export const MISUSED = 2;
export const UNHEALTHY = 3;
export const CANCELLED = 130;

export function exitCodeOf({ code }: WireError): number {
  if (code === "app.cancelled" || code === "task.cancelled") return CANCELLED;
  return code === "app.bad_input" ? MISUSED : FAILED;
}

/** The server a person means: by name, id or host; without a word, the only one there is. */
export function chooseServer({ host, options }: Context, wanted: string | undefined = options.server): Server {
  const servers = host.servers.list().map(({ server }) => server);
  const names = servers.map(({ name }) => name).join(", ");
  if (wanted === undefined) {
    const [only, ...others] = servers;
    if (only && others.length === 0) return only;
    throw new AppError("app.bad_input", only ? "There are several servers" : "There is no server yet", {
      hint: only ? `Choose one with --server: ${names}` : "Run `ai-infra provision` or `ai-infra local start` first.",
    });
  }
  const found = servers.filter((server) => isCalled(server, wanted));
  if (found.length === 1 && found[0]) return found[0];
  const message = found.length > 1 ? `Several servers are called ${wanted}` : `No server is called ${wanted}`;
  throw new AppError("server.not_found", message, { hint: names ? `Known servers: ${names}` : undefined });
}

function isCalled({ id, name, place }: Server, word: string): boolean {
  if (word === id || word === name) return true;
  if (place.kind !== "ssh") return false;
  const { user, host, port } = place.address;
  const places = [host, `[${host}]`, hostText({ host, port }), `${host}:${port}`];
  return [...places, ...places.map((at) => `${user}@${at}`), loginText(place.address)].includes(word);
}
