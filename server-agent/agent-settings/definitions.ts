import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AgentSettings, type AgentDefinition } from "../../contract/agent-settings.ts";
import { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import { SHIPPED } from "../../pai/agents/shipped.ts";
import type { Overrides } from "./last-good.ts";
import { parseSettings } from "./parse-settings.ts";

let shippedSettings: Readonly<Record<AgentName, AgentSettings>> | null = null;

export function shippedOf(agent: AgentName): { readonly settings: AgentSettings; readonly prompt: string } {
  shippedSettings ??= readShipped();
  return { settings: shippedSettings[agent], prompt: SHIPPED.prompts[agent] };
}

function readShipped(): Readonly<Record<AgentName, AgentSettings>> {
  const parsed = parseSettings("the shipped agents.yaml", SHIPPED.settings);
  const whole = AgentName.options.map((name) => [name, AgentSettings.parse(parsed[name])]);
  return Object.fromEntries(whole) as Record<AgentName, AgentSettings>;
}

export function defineTeam(overrides: Overrides): Readonly<Record<AgentName, AgentDefinition>> {
  const all = AgentName.options.map((name) => [name, defineAgent(name, overrides)]);
  return Object.fromEntries(all) as Record<AgentName, AgentDefinition>;
}

/** The shipped definition with what is overridden. */
function defineAgent(name: AgentName, overrides: Overrides): AgentDefinition {
  const shipped = shippedOf(name);
  const settings = { ...shipped.settings, ...overrides.settings[name] };
  const prompt = overrides.prompts[name] ?? shipped.prompt;
  const keys = AgentSettings.keyof().options;
  const changed = keys.filter((key) => !isDeepStrictEqual(settings[key], shipped.settings[key]));
  return {
    name,
    settings,
    prompt,
    changed: prompt === shipped.prompt ? changed : [...changed, "prompt"],
    revision: createHash("sha256")
      .update(JSON.stringify([settings, prompt]))
      .digest("hex")
      .slice(0, 16),
  };
}

export const TEAM_RULES = SHIPPED.team.trim();

/** What a console gets with a turn. */
export function toProfile({ settings, prompt }: AgentDefinition): AgentProfile {
  const { model, level, tools, maxTokens, effort, thinking, driver, mcpServers } = settings;
  const profile = { model, level, tools, maxTokens, effort, thinking, driver, mcpServers };
  return { ...profile, prompt: `${TEAM_RULES}\n\n${prompt.trim()}\n` };
}

export function refuseStale(current: AgentDefinition, revision: string | undefined): void {
  if (revision === undefined || revision === current.revision) return;
  throw new AppError("agents.changed_meanwhile", `The ${current.name} agent was changed after you opened it`, {
    hint: "Look at it as it is now, then make your change again.",
  });
}
