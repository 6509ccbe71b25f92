import { matchedNames, type HookCall, type HookEvent } from "./hook-input.ts";
import type { Hook, HookAction, HookSettings } from "./hook-settings.ts";
import { matches } from "./matcher.ts";
import { mergeResults, NO_OUTCOME, type HookOutcome } from "./merge-results.ts";
import { runHook, type HookParts } from "./run-hook.ts";

/** Runs hooks as Claude Code does, except that a hook which cannot be run denies the tool it was asked about. */
export interface Hooks {
  /** Throws only when `signal` aborts; the hooks' programs are stopped then. */
  run(event: HookEvent, signal: AbortSignal): Promise<HookOutcome>;
}

export interface HooksParts extends HookParts {
  readonly session: string;
  readonly transcript: TranscriptForHooks;
}

export interface TranscriptForHooks {
  readonly path: string;
  /** Called before a program may read the file. */
  write(): Promise<void>;
}

export function createHooks({ hooks, problems }: HookSettings, parts: HooksParts): Hooks {
  return {
    async run(event, signal) {
      const called = withoutRepeats(hooks.filter((hook) => isFor(hook, event)));
      const unknown = outcomeOfProblems(event, problems);
      if (called.length === 0 || unknown.decision === "deny") return unknown;
      if (called.some(isProgram)) await parts.transcript.write();
      const call: HookCall = { event: event.hook_event_name, input: inputOf(event, parts), signal };
      const results = await Promise.all(
        called.map(async (hook) => ({ hook, name: nameOf(hook), result: await runHook(hook, call, parts) })),
      );
      const outcome = mergeResults(event.hook_event_name, results);
      return { ...outcome, reports: [...unknown.reports, ...outcome.reports] };
    },
  };
}

function isFor(hook: Hook, event: HookEvent): boolean {
  return hook.event === event.hook_event_name && matches(hook.matcher, matchedNames(event));
}

/** A settings file that cannot be read may hold a guard. */
function outcomeOfProblems(event: HookEvent, problems: readonly string[]): HookOutcome {
  if (problems.length === 0) return NO_OUTCOME;
  if (event.hook_event_name !== "PreToolUse") return { ...NO_OUTCOME, reports: problems };
  return { ...NO_OUTCOME, decision: "deny", reason: `No tool runs while hooks are unknown:\n${problems.join("\n")}` };
}

/** The same command under several matchers runs once; one of the workspace is never the same as another's. */
function withoutRepeats(hooks: readonly Hook[]): readonly Hook[] {
  const isTrusted = (hook: Hook): boolean => hook.origin !== "workspace";
  return [...new Map(hooks.map((hook) => [JSON.stringify([isTrusted(hook), hook.action]), hook])).values()];
}

function isProgram({ action }: Hook): boolean {
  return !(action.type === "command" && action.command.startsWith("{hooks} "));
}

function inputOf(event: HookEvent, { session, transcript, place }: HooksParts): string {
  return JSON.stringify({
    session_id: session,
    transcript_path: transcript.path,
    cwd: place.projectDir,
    permission_mode: "default",
    ...event,
  });
}

const MAX_NAME_CHARACTERS = 80;

function nameOf({ action, origin }: Hook): string {
  const text = wordsOf(action).replaceAll(/\s+/g, " ");
  const short = text.length > MAX_NAME_CHARACTERS ? `${text.slice(0, MAX_NAME_CHARACTERS - 1)}…` : text;
  return origin === "workspace" ? `“${short}” of the workspace` : `“${short}”`;
}

function wordsOf(action: HookAction): string {
  switch (action.type) {
    case "command":
      return [action.command.replace(/^\{hooks\} /, ""), ...(action.args ?? [])].join(" ");
    case "http":
      return action.url;
    case "unsupported":
      return action.kind;
  }
}
