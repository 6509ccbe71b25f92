import { AgentName, type Level } from "../../contract/agents.ts";
import { shippedOf } from "./definitions.ts";
import { openOverrideFiles, type OverridePlace } from "./override-files.ts";
import { parseSettings } from "./parse-settings.ts";

export type Levels = Readonly<Record<AgentName, Level>>;

/**
 * The levels that are set on this server, validated as the daemon validates them. Throws for a file with a mistake, or one
 * that others may change: what the daemon last believed is not known here.
 */
export async function readLevels(place: OverridePlace): Promise<Levels> {
  const files = openOverrideFiles(place);
  const text = await files.readSettings();
  const set = text === null ? {} : parseSettings(files.settingsFile, text);
  const levels = AgentName.options.map((name) => [name, set[name]?.level ?? shippedOf(name).settings.level]);
  return Object.fromEntries(levels) as Levels;
}
