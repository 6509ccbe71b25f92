import { parseArgs } from "node:util";
import { AppError, toWireError } from "../../contract/errors.ts";
import type { Server } from "../../contract/servers.ts";
import type { Host } from "../app.ts";
import { agents } from "./commands/agents.ts";
import { attach } from "./commands/attach.ts";
import { audit } from "./commands/audit.ts";
import { doctor } from "./commands/doctor.ts";
import { overview } from "./commands/overview.ts";
import { chat } from "./commands/chat.ts";
import { grants } from "./commands/grants.ts";
import { local } from "./commands/local.ts";
import { modelKey } from "./commands/model-key.ts";
import { webSearch } from "./commands/web-search.ts";
import { provision, unprovision } from "./commands/provision.ts";
import { servers, status } from "./commands/servers.ts";
import { snapshots } from "./commands/snapshots.ts";
import { budget, spend } from "./commands/spend.ts";
import { approvals, tasks } from "./commands/tasks.ts";
import { chooseServer, exitCodeOf, MISUSED, OK, type Context, type Options, type Outcome } from "./context.ts";
import { HELP, USAGE } from "./help.ts";
import { createScreen, printError, type Screen } from "./screen.ts";

const OPTIONS = {
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  yes: { type: "boolean", short: "y", default: false },
  plan: { type: "boolean", default: false },
  password: { type: "boolean", default: false },
  "ssh-agent": { type: "boolean", default: false },
  identity: { type: "string", short: "i" },
  "agent-key": { type: "string" },
  name: { type: "string" },
  server: { type: "string" },
  agent: { type: "string" },
  mode: { type: "string" },
  model: { type: "string" },
  minutes: { type: "string" },
  days: { type: "string" },
  "accept-host-key": { type: "string" },
  jump: { type: "string", short: "J" },
  "jump-identity": { type: "string" },
  "jump-password": { type: "boolean", default: false },
  "accept-jump-key": { type: "string" },
  "key-file": { type: "string" },
  url: { type: "string" },
  task: { type: "string" },
  kind: { type: "string" },
  text: { type: "string" },
  limit: { type: "string" },
  "prompt-file": { type: "string" },
  tools: { type: "string" },
  budget: { type: "string" },
  "max-tokens": { type: "string" },
  concurrency: { type: "string" },
  effort: { type: "string" },
  thinking: { type: "string" },
  driver: { type: "string" },
  docker: { type: "boolean" },
  qdrant: { type: "string" },
  "reboot-at": { type: "string" },
  "package-updates": { type: "boolean" },
} as const;

type Command = (context: Context) => Promise<Outcome>;

const onServer = (command: (context: Context, server: Server) => Promise<Outcome>): Command => {
  return async (context) => command(context, chooseServer(context));
};

const COMMANDS: Readonly<Record<string, Command>> = {
  provision,
  unprovision: async (context) =>
    unprovision(context, chooseServer(context, context.words[0] ?? context.options.server)),
  servers,
  status: onServer(status),
  doctor: onServer(doctor),
  overview: onServer(overview),
  chat: onServer(chat),
  tasks: onServer(tasks),
  approvals: onServer(approvals),
  grants: onServer(grants),
  audit: onServer(audit),
  agents: onServer(agents),
  attach: onServer(attach),
  "model-key": onServer(modelKey),
  "web-search": onServer(webSearch),
  snapshots: onServer(snapshots),
  spend: onServer(spend),
  budget: onServer(budget),
  local,
};

export interface Run {
  readonly argv: readonly string[];
  readonly env: Context["env"];
  readonly signal: AbortSignal;
  openHost(log: (line: string) => void): Promise<Host>;
}

/** Runs one command to its end; returns the exit code. */
export async function runCli(run: Run): Promise<number> {
  const screen = createScreen(run.argv.includes("--json"), run.signal);
  try {
    const { options, words } = parse(run.argv);
    const [name = "", ...rest] = words;
    const command = COMMANDS[name];
    if (options.help || !command) return showHelp(screen, name, options.help);
    return await runCommand({ run, screen, options, words: rest }, command);
  } catch (error) {
    const wire = toWireError(error);
    printError(screen, wire);
    return exitCodeOf(wire);
  }
}

interface Invocation {
  readonly run: Run;
  readonly screen: Screen;
  readonly options: Options;
  readonly words: readonly string[];
}

async function runCommand({ run, screen, options, words }: Invocation, command: Command): Promise<number> {
  const host = await run.openHost((line) => screen.note(line));
  try {
    const { result, exitCode } = await command({ host, screen, options, words, env: run.env, signal: run.signal });
    screen.event(result);
    return exitCode;
  } finally {
    await host.close();
  }
}

function parse(argv: readonly string[]): { options: Options; words: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      allowPositionals: true,
      allowNegative: true,
    });
    return { options: values, words: positionals };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("app.bad_input", message, { hint: "ai-infra --help lists the options.", cause });
  }
}

function showHelp(screen: Screen, name: string, wanted: boolean): number {
  if (!wanted) {
    const message = name ? `There is no command ${name}` : "Say what to do";
    screen.event({ ok: false, code: "app.bad_input", message, hint: "ai-infra --help" });
    screen.note(name ? `${message}\n` : "");
  }
  screen.print(HELP[name] ?? USAGE);
  return wanted ? OK : MISUSED;
}
