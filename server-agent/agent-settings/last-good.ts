import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AgentSettings } from "../../contract/agent-settings.ts";
import { AgentName } from "../../contract/agents.ts";
import { writeWhole } from "../platform/write-whole.ts";

/** What the override files said when they were last without a mistake. */
export const Overrides = z.object({
  settings: z.partialRecord(AgentName, AgentSettings.partial()),
  prompts: z.partialRecord(AgentName, z.string()),
});
export type Overrides = z.infer<typeof Overrides>;

export const NO_OVERRIDES: Overrides = { settings: {}, prompts: {} };

/** Kept over restarts, so that a mistake made before one does not bring the shipped definitions back. */
export async function readLastGood(file: string): Promise<Overrides> {
  try {
    return Overrides.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return NO_OVERRIDES; // There is none yet, or one of a version that knew other settings.
  }
}

export async function writeLastGood(file: string, overrides: Overrides): Promise<void> {
  await writeWhole(file, `${JSON.stringify(overrides)}\n`, 0o600);
}
