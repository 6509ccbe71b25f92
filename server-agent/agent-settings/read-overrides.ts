import { AgentName } from "../../contract/agents.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import type { Overrides } from "./last-good.ts";
import type { OverrideFiles } from "./override-files.ts";
import { parseSettings } from "./parse-settings.ts";

export interface ReadOverrides {
  readonly overrides: Overrides;
  readonly problems: readonly WireError[];
}

/** What the files say; for a file with a mistake, what it said `before`. */
export async function readOverrides(files: OverrideFiles, before: Overrides): Promise<ReadOverrides> {
  const problems: WireError[] = [];
  const orBefore = async <T>(known: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push(error.toWire());
      return known;
    }
  };
  const settings = await orBefore(before.settings, async () => {
    const text = await files.readSettings();
    return text === null ? {} : parseSettings(files.settingsFile, text);
  });
  const prompts: Overrides["prompts"] = {};
  for (const name of AgentName.options) {
    const prompt = await orBefore(before.prompts[name] ?? null, async () => await files.readPrompt(name));
    if (prompt !== null) prompts[name] = prompt;
  }
  return { overrides: { settings, prompts }, problems };
}
