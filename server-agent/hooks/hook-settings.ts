import { z } from "zod";
import { HookEventName } from "./hook-input.ts";
import { isMatcher, isSimpleMatcher } from "./matcher.ts";

/**
 * Whose hook it is. `shipped`: part of this program. `operator`: from a file agents cannot write. `workspace`: from a
 * file agents can write, so it may forbid and tell, never allow, and runs in the sandbox.
 */
export type Origin = "shipped" | "operator" | "workspace";

export type HookAction =
  | { readonly type: "command"; readonly command: string; readonly args?: readonly string[] | undefined }
  | {
      readonly type: "http";
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly allowedEnvVars: readonly string[];
    }
  /** Of a kind we do not run, such as `prompt`. */
  | { readonly type: "unsupported"; readonly kind: string };

export interface Hook {
  readonly event: HookEventName;
  readonly matcher: string | undefined;
  readonly origin: Origin;
  readonly action: HookAction;
  readonly timeoutMs: number;
  /** Its failure blocks what can be blocked. Before a tool every failure does. */
  readonly blocksOnFailure: boolean;
}

export interface HookSettings {
  readonly hooks: readonly Hook[];
  /** Why some hooks are unknown. While there is any, no tool runs: a guard may be missing. */
  readonly problems: readonly string[];
}

export interface SettingsFile {
  readonly hooks: readonly Hook[];
  readonly disablesAllHooks: boolean;
  readonly allowsWorkspaceHooks: boolean;
}

const DEFAULT_TIMEOUT_S = 60;
const MAX_TIMEOUT_S = 600;

const common = { timeout: z.number().positive().default(DEFAULT_TIMEOUT_S), onFailure: z.string().optional() };
const CommandHook = z.object({
  ...common,
  type: z.literal("command"),
  command: z.string().min(1),
  args: z.array(z.string()).optional(),
});
const HttpHook = z.object({
  ...common,
  type: z.literal("http"),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  allowedEnvVars: z.array(z.string()).default([]),
});
const OtherHook = z
  .object({ ...common, type: z.string() })
  .refine(({ type }) => type !== "command" && type !== "http")
  .transform(({ type, ...rest }) => ({ ...rest, type: "unsupported" as const, kind: type }));

const HookGroup = z.object({
  matcher: z.string().refine(isMatcher, "not a regular expression").optional(),
  hooks: z.array(z.union([CommandHook, HttpHook, OtherHook])),
});

/** Events we do not have are allowed and never happen. */
const Settings = z.object({
  hooks: z.record(z.string(), z.array(HookGroup)).default({}),
  disableAllHooks: z.boolean().default(false),
  allowManagedHooksOnly: z.boolean().default(true),
});

/** Throws an Error for people when the text is not a settings file. */
export function parseSettings(text: string, origin: Origin): SettingsFile {
  const settings = Settings.safeParse(parseJson(text));
  if (!settings.success) throw new Error(z.prettifyError(settings.error));
  const hooks = Object.entries(settings.data.hooks).flatMap(([name, groups]) => {
    const event = HookEventName.safeParse(name);
    return event.success ? groups.flatMap((group) => hooksOf(group, event.data, origin)) : [];
  });
  return {
    hooks,
    disablesAllHooks: settings.data.disableAllHooks,
    allowsWorkspaceHooks: !settings.data.allowManagedHooksOnly,
  };
}

function hooksOf(group: z.infer<typeof HookGroup>, event: HookEventName, origin: Origin): Hook[] {
  const { matcher } = group;
  if (origin === "workspace" && matcher !== undefined && !isSimpleMatcher(matcher)) {
    throw new Error(`the matcher ${JSON.stringify(matcher)} is too free; name tools, each perhaps ending in .*`);
  }
  return group.hooks.map(({ timeout, onFailure, ...action }) => ({
    event,
    matcher,
    origin,
    action,
    timeoutMs: Math.min(timeout, MAX_TIMEOUT_S) * 1000,
    blocksOnFailure: event === "PreToolUse" || onFailure === "block",
  }));
}

/** Without the parser's message, which quotes the file: that may not be what it seems. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("not JSON");
  }
}
