import type { HookPlace } from "../../pai/hooks/hook.ts";
import { parseInput } from "../../pai/hooks/hook-input.ts";
import { ownHooks } from "../../pai/hooks/own-hooks.ts";
import { runGroup, type GroupEnd, type OutputStream } from "../platform/run-group.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { callHttpHook } from "./http-hook.ts";
import type { HookCall } from "./hook-input.ts";
import { failed, resultOfProgram, type HookResult } from "./hook-result.ts";
import type { Hook, HookAction } from "./hook-settings.ts";

export interface HookParts {
  readonly place: Omit<HookPlace, "now">;
  readonly home: string;
  /** Where hooks of the workspace run. */
  readonly sandbox: Sandbox;
}

type Command = Extract<HookAction, { type: "command" }>;

const OWN_HOOK = /^\{hooks\} ([\w-]+)$/;
const MAX_OUTPUT_CHARACTERS = 256 * 1024;
/** Long enough for what a program wrote before it ended to arrive. */
const LINGER_MS = 200;

/** Never throws, except when `signal` aborts: what a hook cannot do is a failure of that hook. */
export async function runHook(hook: Hook, call: HookCall, parts: HookParts): Promise<HookResult> {
  try {
    return await start(hook, call, parts);
  } catch (error) {
    call.signal.throwIfAborted();
    return failed(error instanceof Error ? error.message : String(error));
  }
}

async function start(hook: Hook, call: HookCall, parts: HookParts): Promise<HookResult> {
  const { action } = hook;
  if (action.type === "unsupported") return failed(`hooks of type ${action.kind} are not supported`);
  const env = environment(parts);
  if (action.type === "http") {
    if (hook.origin === "workspace") return failed("hooks of the workspace cannot use the network");
    return await callHttpHook(action, { ...call, env, timeoutMs: hook.timeoutMs });
  }
  const own = hook.origin === "workspace" ? null : OWN_HOOK.exec(action.command);
  if (own?.[1]) return runOwnHook(own[1], call, parts.place);
  return await runProgram(hook, action, { call, parts, env });
}

/** In this process: starting a program for each tool call would cost more than most tools. */
function runOwnHook(name: string, { event, input }: HookCall, place: HookParts["place"]): HookResult {
  const hook = ownHooks.get(name);
  if (!hook) return failed("there is no such hook");
  const end = hook(parseInput(input), { ...place, now: new Date() });
  return resultOfProgram(event, { reason: "exited", code: end.exitCode, stdout: end.stdout, stderr: end.stderr });
}

interface Run {
  readonly call: HookCall;
  readonly parts: HookParts;
  readonly env: Readonly<Record<string, string>>;
}

async function runProgram(hook: Hook, command: Command, { call, parts, env }: Run): Promise<HookResult> {
  const output = { stdout: "", stderr: "" };
  const onOutput = (text: string, stream: OutputStream): void => {
    output[stream] += text.slice(0, MAX_OUTPUT_CHARACTERS - output[stream].length);
  };
  const { timeoutMs } = hook;
  const options = { cwd: parts.place.projectDir, env, input: call.input, signal: call.signal, timeoutMs, onOutput };
  const run = hook.origin === "workspace" ? runInSandbox(command, options, parts.sandbox) : runFreely(command, options);
  const end = await run;
  call.signal.throwIfAborted();
  return resultOfProgram(call.event, { ...end, ...output });
}

type Options = Parameters<Sandbox["run"]>[1] & { readonly env: Readonly<Record<string, string>> };

async function runFreely({ command, args }: Command, options: Options): Promise<GroupEnd> {
  const [program, ...parameters] = args ? [command, ...args].map((word) => filled(word, options.env)) : [];
  const argv = program === undefined ? inShell(command) : ([program, ...parameters] as const);
  return await runGroup(argv, { ...options, lingerMs: LINGER_MS });
}

async function runInSandbox({ command, args }: Command, options: Options, sandbox: Sandbox): Promise<GroupEnd> {
  if (args) throw new Error("hooks of the workspace cannot have args");
  return await sandbox.run(command, options);
}

/** Without its start files, which bash reads when its input is a socket. */
function inShell(command: string): [string, ...string[]] {
  return ["/bin/bash", "--norc", "--noprofile", "-c", command];
}

function filled(word: string, env: Readonly<Record<string, string>>): string {
  return word.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
}

/** All of it: a hook sees nothing of ours, and no secret. */
function environment({ place, home }: HookParts): Readonly<Record<string, string>> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: home,
    LANG: "C.UTF-8",
    CLAUDE_PROJECT_DIR: place.projectDir,
    AI_INFRA_AGENT: place.agent,
    PAI_DIR: place.paiDir,
  };
}
