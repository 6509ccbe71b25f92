import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { AgentSettings } from "../../contract/agent-settings.ts";
import { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";

/** How each setting is called in `agents.yaml`. */
export const FILE_KEYS = {
  model: "model",
  level: "level",
  tools: "tools",
  budgetUsdPerDay: "budget_usd_per_day",
  maxTokens: "max_tokens",
  concurrency: "concurrency",
  effort: "effort",
  thinking: "thinking",
  driver: "driver",
  mcpServers: "mcp_servers",
} as const satisfies Record<keyof AgentSettings, string>;

const KEYS = AgentSettings.keyof().options;
const FileAgent = z.strictObject(
  Object.fromEntries(KEYS.map((key) => [FILE_KEYS[key], AgentSettings.shape[key].optional()])),
);
const SettingsFile = z.strictObject({ agents: z.partialRecord(AgentName, FileAgent.nullable()).nullish() }).nullable();

export type SettingsByAgent = Partial<Record<AgentName, Partial<AgentSettings>>>;

const MAX_TOLD = 10;

/** What the text of an `agents.yaml` sets. A mistake is an AppError that names the file, the line and the setting. */
export function parseSettings(file: string, text: string): SettingsByAgent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax) throw broken(file, [`line ${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`]);
  const parsed = SettingsFile.safeParse(toValue(document, file));
  if (!parsed.success) {
    throw broken(
      file,
      parsed.error.issues.map((issue) => `line ${lineOf(document, lines, issue)}: ${tellIssue(issue)}`),
    );
  }
  const agents = Object.entries(parsed.data?.agents ?? {});
  return Object.fromEntries(agents.map(([name, settings]) => [name, toSettings(settings ?? {})]));
}

function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that do not exist, or that would unfold without end.
    throw broken(file, [error instanceof Error ? error.message : String(error)]);
  }
}

function toSettings(settings: Readonly<Record<string, unknown>>): Partial<AgentSettings> {
  const given = KEYS.filter((key) => settings[FILE_KEYS[key]] !== undefined);
  return AgentSettings.partial().parse(Object.fromEntries(given.map((key) => [key, settings[FILE_KEYS[key]]])));
}

type Issue = z.core.$ZodIssue;

function tellIssue(issue: Issue): string {
  const place = [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].join(".");
  return issue.code === "unrecognized_keys" ? `${place} is not known` : `${place || "the file"}: ${issue.message}`;
}

/** Of what the issue is about, else of what is around it. */
function lineOf(document: Document, lines: LineCounter, issue: Issue): number {
  const path = issue.path.map(String);
  const key = issue.code === "unrecognized_keys" || issue.code === "invalid_key" ? lastKey(document, issue) : null;
  if (key !== null) return lines.linePos(key).line;
  for (; path.length > 0; path.pop()) {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function lastKey(document: Document, issue: Issue): number | null {
  const [parent, name] =
    issue.code === "unrecognized_keys" ? [issue.path, issue.keys[0]] : [issue.path.slice(0, -1), issue.path.at(-1)];
  const map = parent.length === 0 ? document.contents : document.getIn(parent.map(String), true);
  if (!isMap(map)) return null;
  const key = map.items.map((pair) => pair.key).find((key) => isScalar(key) && String(key.value) === String(name));
  return isScalar(key) ? (key.range?.[0] ?? null) : null;
}

function broken(file: string, mistakes: readonly string[]): AppError {
  const [first = "", ...others] = mistakes.slice(0, MAX_TOLD);
  return new AppError("agents.definition_broken", `${file}, ${first}`, {
    hint: "The last good version stays in force until the file is mended.",
    details: others.length > 0 ? others.join("\n") : undefined,
  });
}
