import type { DefinitionChange } from "../../contract/agent-settings.ts";
import type { AgentName } from "../../contract/agents.ts";
import { changeSettings, resetSettings } from "./change-settings.ts";
import { shippedOf } from "./definitions.ts";
import type { OverrideFiles } from "./override-files.ts";
import { parseSettings } from "./parse-settings.ts";

/** Everything is checked before the first file is written. */
export async function writeChange(
  files: OverrideFiles,
  agent: AgentName,
  { prompt, ...values }: DefinitionChange,
): Promise<void> {
  const shipped = shippedOf(agent);
  const text = await readWithoutMistake(files);
  if (Object.values(values).some((value) => value !== undefined)) {
    const next = changeSettings(text, { agent, values, shipped: shipped.settings });
    parseSettings(files.settingsFile, next);
    await files.writeSettings(next);
  }
  if (prompt === undefined) return;
  await files.writePrompt(agent, prompt.trim() === shipped.prompt.trim() ? null : `${prompt.trim()}\n`);
}

export async function resetDefinition(files: OverrideFiles, agent: AgentName): Promise<void> {
  const text = await readWithoutMistake(files);
  if (text !== null) await files.writeSettings(resetSettings(text, agent));
  await files.writePrompt(agent, null);
}

/** A file with a mistake is not written over: what it meant would be lost. */
async function readWithoutMistake(files: OverrideFiles): Promise<string | null> {
  const text = await files.readSettings();
  if (text !== null) parseSettings(files.settingsFile, text);
  return text;
}
