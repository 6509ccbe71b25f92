import type { SPECIALISTS } from "../../contract/agents.ts";
import type { ToolName } from "../../contract/permissions.ts";
import { plainText, QUOTE } from "./quoted-words.ts";

/** A request that is one call of one tool. */
export interface ToolUse {
  readonly tool: ToolName;
  readonly input: Readonly<Record<string, unknown>>;
  /** Said before the call, and before its result. */
  readonly announcement: string;
  readonly outcome: string;
}

type Words = readonly (string | undefined)[];
type Pattern = readonly [RegExp, (words: Words) => ToolUse];

/** The words of each pattern arrive without their quotes. */
const PATTERNS: readonly Pattern[] = [
  [
    new RegExp(
      `^(?:edit|change) (?:the )?(?:file )?(\\S+)[,:]? replace (${QUOTE}) (?:with|by) (${QUOTE})( everywhere)?$`,
      "i",
    ),
    ([file = "", old = "", next = "", all]) => edit(file, { old, new: next, ...(all && { replace_all: true }) }),
  ],
  [
    new RegExp(`^replace (${QUOTE}) (?:with|by) (${QUOTE})( everywhere)? in (?:the )?(?:file )?(\\S+)$`, "i"),
    ([old = "", next = "", all, file = ""]) => edit(file, { old, new: next, ...(all && { replace_all: true }) }),
  ],
  [
    /^find (?:all )?(?:the )?files? (?:matching|named|called|like) (\S+)(?: in (?:the )?(\S+))?$/i,
    ([pattern = "", folder]) => ({
      tool: "glob",
      input: { pattern, ...inFolder(folder) },
      announcement: `I look for files that match \`${pattern}\`.`,
      outcome: `Files that match \`${pattern}\``,
    }),
  ],
  [
    /^search the web for (.+)$/i,
    ([query = ""]) => ({
      tool: "web_search",
      input: { query },
      announcement: `I search the web for \`${query}\`.`,
      outcome: "The web says",
    }),
  ],
  [
    /^(?:search|look in) (?:the |your )?memory for (.+)$/i,
    ([query = ""]) => ({
      tool: "search_memory",
      input: { query },
      announcement: `I search the memory for \`${query}\`.`,
      outcome: "The memory says",
    }),
  ],
  [
    /^(?:search|look) for (\S+)(?: in (?:the )?(\S+))?$/i,
    ([text = "", folder]) => ({
      tool: "grep",
      input: { pattern: text, literal: true, ...inFolder(folder) },
      announcement: `I search for \`${text}\`.`,
      outcome: `\`${text}\` stands in`,
    }),
  ],
  [
    new RegExp(`^(?:git )?commit(?: everything)?(?: as| with the message)? (${QUOTE})$`, "i"),
    ([message = ""]) => git({ action: "commit", message }, "I commit what has changed."),
  ],
  [
    /^merge (?:the )?(?:branch )?(\S+) into (\S+)$/i,
    ([name = "", repository = ""]) => git({ action: "merge", name, repository }, `I merge \`${name}\`.`),
  ],
  [
    /^git (status|diff|log|show|branch|init)$/i,
    ([action = ""]) => git({ action: action.toLowerCase() }, `I ask git for its ${action.toLowerCase()}.`),
  ],
  [
    /^query(?: the database)?:? (.+)$/is,
    ([sql = ""]) => ({
      tool: "query_database",
      input: { sql },
      announcement: `I query \`${sql}\`.`,
      outcome: "The database answers",
    }),
  ],
  [
    /^change the database:? (.+)$/is,
    ([sql = ""]) => ({
      tool: "query_database",
      input: { sql, write: true },
      announcement: `I change the database: \`${sql}\`.`,
      outcome: "The database answers",
    }),
  ],
  [
    new RegExp(`^(?:fetch|get|open)(?: the page)? (https?:\\S+|${QUOTE})$`, "i"),
    ([url = ""]) => ({
      tool: "fetch_url",
      input: { url },
      announcement: `I fetch ${url}.`,
      outcome: "The page says",
    }),
  ],
  [
    /^(?:run|execute) (?:the |all )?tests?(?: in (?:the )?(\S+))?$/i,
    ([folder]) => ({
      tool: "run_tests",
      input: inFolder(folder),
      announcement: "I run the tests.",
      outcome: "The tests passed",
    }),
  ],
];

/** Null when the words ask for something else. */
export function understandToolUse(masked: string, quotes: readonly string[]): ToolUse | null {
  for (const [pattern, use] of PATTERNS) {
    const found = pattern.exec(masked);
    if (found) return use(found.slice(1).map((word) => word && plainText(word, quotes)));
  }
  return null;
}

function edit(path: string, change: Readonly<Record<string, unknown>>): ToolUse {
  return { tool: "edit_file", input: { path, ...change }, announcement: `I change \`${path}\`.`, outcome: "Done" };
}

function git(input: Readonly<Record<string, unknown>>, announcement: string): ToolUse {
  return { tool: "git", input, announcement, outcome: "git says" };
}

function inFolder(folder: string | undefined): { path?: string } {
  return folder === undefined || folder === "workspace" ? {} : { path: folder };
}

/** Whose work each of these tools is. */
export const SPECIALIST_OF: Readonly<Partial<Record<ToolName, (typeof SPECIALISTS)[number]>>> = {
  edit_file: "code",
  glob: "research",
  grep: "research",
  search_memory: "research",
  web_search: "research",
  fetch_url: "research",
  git: "code",
  query_database: "data",
  run_tests: "qa",
};
