import { readFileSync } from "node:fs";
import path from "node:path";
import { AgentName } from "../../contract/agents.ts";

const folder = path.dirname(import.meta.dirname);

/** The definitions of agents as shipped. In the bundle this module holds the texts themselves: see `scripts/bundle-daemon.mjs`. */
export const SHIPPED = {
  /** What every agent is told. */
  team: read("agents/TEAM.md"),
  settings: read("agents.yaml"),
  prompts: Object.fromEntries(AgentName.options.map((name) => [name, read(`agents/${name}/AGENT.md`)])),
} as { readonly team: string; readonly settings: string; readonly prompts: Readonly<Record<AgentName, string>> };

function read(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}
