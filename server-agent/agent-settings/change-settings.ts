import { isDeepStrictEqual } from "node:util";
import { type Document, isCollection, isMap, parseDocument, YAMLMap } from "yaml";
import { AgentSettings } from "../../contract/agent-settings.ts";
import type { AgentName } from "../../contract/agents.ts";
import { FILE_KEYS } from "./parse-settings.ts";

const HEAD = "# Settings of agents that differ from the shipped ones. See docs/agents.md.\n";

export interface SettingsChange {
  readonly agent: AgentName;
  readonly values: Partial<AgentSettings>;
  readonly shipped: AgentSettings;
}

/**
 * The text of an `agents.yaml` after a change. Comments and other agents stay as they are. A setting that is as shipped
 * is left out, so that it follows later versions.
 */
export function changeSettings(text: string | null, { agent, values, shipped }: SettingsChange): string {
  const document = parseDocument(text ?? HEAD);
  const own = ownMap(document, agent);
  for (const key of AgentSettings.keyof().options) {
    const value = values[key];
    if (value === undefined) continue;
    if (isDeepStrictEqual(value, shipped[key])) own.delete(FILE_KEYS[key]);
    else own.set(FILE_KEYS[key], inOneLine(document, value));
  }
  return toText(document, agent);
}

/** The text without what it sets for an agent, the level excepted. */
export function resetSettings(text: string, agent: AgentName): string {
  const document = parseDocument(text);
  const node = document.getIn(["agents", agent]);
  if (!isMap(node)) return text;
  for (const key of Object.values(FILE_KEYS)) if (key !== FILE_KEYS.level) node.delete(key);
  return toText(document, agent);
}

function ownMap(document: Document, agent: AgentName): YAMLMap {
  for (const place of [["agents"], ["agents", agent]]) {
    if (!isMap(document.getIn(place))) document.setIn(place, new YAMLMap());
  }
  return document.getIn(["agents", agent]) as YAMLMap;
}

function inOneLine(document: Document, value: unknown) {
  const node = document.createNode(value);
  if (isCollection(node)) node.flow = true;
  return node;
}

function toText(document: Document, agent: AgentName): string {
  const node = document.getIn(["agents", agent]);
  if (isMap(node) && node.items.length === 0) document.deleteIn(["agents", agent]);
  const all = document.get("agents");
  if (isMap(all) && all.items.length === 0) document.delete("agents");
  return document.toString({ lineWidth: 120 });
}
