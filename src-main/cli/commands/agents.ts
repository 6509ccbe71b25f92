import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { AgentSettings, type AgentDefinition, type DefinitionChange } from "../../../contract/agent-settings.ts";
import { AgentName } from "../../../contract/agents.ts";
import { AppError } from "../../../contract/errors.ts";
import type { AgentUse } from "../../../contract/health.ts";
import type { Server } from "../../../contract/servers.ts";
import { confirm } from "../confirm.ts";
import { OK, type Context, type Options, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";

const USE = "list, show NAME, set NAME, reset NAME or start NAME";

/** Who the agents are, and changing that. */
export async function agents(context: Context, server: Server): Promise<Outcome> {
  const [verb = "list", name] = context.words;
  switch (verb) {
    case "list":
      return await list(context, server);
    case "show":
      return await show(context, server, readName(name));
    case "set":
      return await set(context, server, readName(name));
    case "reset":
      return await reset(context, server, readName(name));
    case "start":
      return await start(context, server, readName(name));
    default:
      throw new AppError("app.bad_input", USE);
  }
}

async function list(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal } = context;
  return withDaemon(context, server.id, async (api) => {
    const [definitions, status, uses] = await Promise.all([
      api.agents.list(undefined, soon(signal)),
      api.status.get(undefined, soon(signal)),
      // A daemon of an older version cannot tell.
      api.health.usage(undefined, soon(signal)).catch(() => []),
    ]);
    const agents = definitions.map((definition) => {
      const { state, hold } = status.agents.find(({ name }) => name === definition.name) ?? {};
      const use = uses.find(({ name }) => name === definition.name);
      return { ...definition, state, ...(hold && { hold }), ...(use && { use }) };
    });
    for (const { name, settings, changed, state = "unknown", hold, use } of agents) {
      const budget = settings.budgetUsdPerDay === null ? "no budget" : `$${settings.budgetUsdPerDay} a day`;
      const mark = changed.length > 0 ? `  not as shipped: ${changed.join(", ")}` : "";
      const taken = use ? useText(use) : "";
      screen.print(
        `${name.padEnd(10)}  ${state.padEnd(8)} ${taken}  level ${settings.level}  ${settings.model.padEnd(18)} ${budget}${mark}`,
      );
      if (hold) screen.note(`${name} is stopped. ${hold.reason} Start it again: ai-infra agents start ${name}`);
    }
    const { definitionProblems: problems = [] } = status;
    for (const { message } of problems) screen.note(`Not used: ${message}`);
    return { result: { ok: true, agents, problems }, exitCode: OK };
  });
}

/** What an agent takes at the moment and has cost today, in columns. */
export function useText({ cpuPercent, memoryBytes, todayUsd }: Omit<AgentUse, "name">): string {
  const cpu = cpuPercent === null ? "-" : `${cpuPercent.toFixed(1)} %`;
  const memory = memoryBytes === null ? "-" : `${Math.round(memoryBytes / (1024 * 1024))} MB`;
  return `${cpu.padStart(7)} ${memory.padStart(8)} ${`$${todayUsd.toFixed(2)} today`.padStart(13)}`;
}

/** Lets an agent work again that was stopped because its console only crashed. */
async function start(context: Context, server: Server, name: AgentName): Promise<Outcome> {
  const { screen, signal } = context;
  return withDaemon(context, server.id, async (api) => {
    const { agents: known } = await api.status.get(undefined, soon(signal));
    const isHeld = known.some((agent) => agent.name === name && agent.state === "held");
    await api.health.start({ name }, soon(signal));
    screen.print(isHeld ? `${name} starts again; its tasks go on.` : `${name} was not stopped.`);
    return { result: { ok: true, agent: name, wasHeld: isHeld }, exitCode: OK };
  });
}

async function show(context: Context, server: Server, name: AgentName): Promise<Outcome> {
  const { screen, signal } = context;
  return withDaemon(context, server.id, async (api) => {
    const { definition, folder, problems } = await api.agents.get({ name }, soon(signal));
    printSettings(context, definition);
    screen.print(`\n${definition.prompt.trimEnd()}`);
    for (const { message } of problems) screen.note(`Not used: ${message}`);
    return { result: { ok: true, agent: definition, folder, problems }, exitCode: OK };
  });
}

async function set(context: Context, server: Server, name: AgentName): Promise<Outcome> {
  const change = await readChange(context.options);
  if (Object.keys(change).length === 0) {
    throw new AppError("app.bad_input", "Say what to set", { hint: "ai-infra agents --help lists the options." });
  }
  return withDaemon(context, server.id, async (api) => {
    const agent = await api.agents.update({ name, change }, soon(context.signal));
    printSettings(context, agent);
    context.screen.print(`In force with the next turn of ${name}.`);
    return { result: { ok: true, agent }, exitCode: OK };
  });
}

async function reset(context: Context, server: Server, name: AgentName): Promise<Outcome> {
  const { screen, signal } = context;
  await confirm(context, `Drop the settings and the prompt of ${name} on ${server.name}?`);
  return withDaemon(context, server.id, async (api) => {
    const agent = await api.agents.reset({ name }, soon(signal));
    screen.print(`${name} is as shipped again.`);
    return { result: { ok: true, agent }, exitCode: OK };
  });
}

function readName(name: string | undefined): AgentName {
  const known = AgentName.safeParse(name);
  if (known.success) return known.data;
  throw new AppError("app.bad_input", name ? `No agent is called ${name}` : USE, {
    hint: AgentName.options.join(", "),
  });
}

const SHAPE = AgentSettings.shape;

/** What the options set, each checked here so that the option can be named. */
export async function readChange(options: Options): Promise<DefinitionChange> {
  const file = options["prompt-file"];
  const given = {
    model: checked("--model", SHAPE.model, options.model),
    tools: checked("--tools", SHAPE.tools, toList(options.tools)),
    budgetUsdPerDay: checked(
      "--budget",
      SHAPE.budgetUsdPerDay,
      options.budget === "none" ? null : toNumber(options.budget),
    ),
    maxTokens: checked("--max-tokens", SHAPE.maxTokens, toNumber(options["max-tokens"])),
    concurrency: checked("--concurrency", SHAPE.concurrency, toNumber(options.concurrency)),
    effort: checked("--effort", SHAPE.effort, options.effort),
    thinking: checked("--thinking", SHAPE.thinking, toThinking(options.thinking)),
    driver: checked("--driver", SHAPE.driver, options.driver),
    prompt: file === undefined ? undefined : await readPrompt(file),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly { readonly message: string }[] } };
}

function checked<T>(option: string, schema: Schema<T>, value: unknown): T | undefined {
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("app.bad_input", `${option}: ${parsed.error.issues[0]?.message ?? "not understood"}`);
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text.trim() || Number.NaN);
}

/** A word, or a number of tokens. */
function toThinking(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function toList(text: string | undefined): string[] | undefined {
  const names = text?.split(",").map((name) => name.trim());
  return names?.filter((name) => name !== "");
}

async function readPrompt(file: string): Promise<string> {
  if (file === "-") return await text(process.stdin);
  return await readFile(file, "utf8").catch((cause: unknown) => {
    throw new AppError("app.bad_input", `The prompt file ${file} cannot be read`, { cause });
  });
}

function printSettings({ screen }: Context, { name, settings, changed }: AgentDefinition): void {
  screen.print(name);
  for (const [key, value] of Object.entries(settings)) {
    const mark = changed.some((other) => other === key) ? "  (not as shipped)" : "";
    screen.print(`  ${key.padEnd(16)} ${tell(value)}${mark}`);
  }
}

function tell(value: AgentSettings[keyof AgentSettings]): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  return (Array.isArray(value) ? value : Object.keys(value)).join(", ") || "none";
}
