import path from "node:path";
import type { HookExit, HookPlace } from "./hook.ts";
import { textOf, type HookInput } from "./hook-input.ts";
import { judgeUrl } from "./exfiltration.ts";
import { judgeCommand } from "./judge-command.ts";
import { judgePath, type Access } from "./protected-places.ts";
import { answer, deny, strictest, type Verdict } from "./verdict.ts";

/**
 * PreToolUse: refuses to touch credentials, to write what decides about agents, and to send out what plainly is not to
 * leave. It sees names, not effects; the user of the agent, the sandbox and the policy are what holds when it is fooled.
 */
export function securityValidator(input: HookInput, place: HookPlace): HookExit {
  return answer(judge(input, input.cwd || place.projectDir));
}

const PATH_FIELDS = ["file_path", "path", "notebook_path"];
const URL_FIELDS = ["url", "uri"];
const WRITERS = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);

function judge({ toolName, toolInput }: HookInput, cwd: string): Verdict {
  if (toolName === "") return deny("the call names no tool");
  const fields = (names: readonly string[]): string[] => names.map((name) => textOf(toolInput[name])).filter(Boolean);
  const access = accessOf(toolName);
  return strictest([
    ...fields(["command"]).map((command) => judgeCommand(command, cwd)),
    ...fields(PATH_FIELDS).map((file) => judgePath(file, access, cwd)),
    ...fields(URL_FIELDS).map(judgeUrl),
    ...(toolName === "Glob" ? fields(["pattern"]).map((pattern) => judgeGlob(pattern, toolInput, cwd)) : []),
  ]);
}

function judgeGlob(pattern: string, { path: folder }: HookInput["toolInput"], cwd: string): Verdict {
  return judgePath(path.join(textOf(folder), pattern), "read", cwd);
}

/** A tool of others writes, unless its name says that it looks. */
function accessOf(toolName: string): Access {
  if (WRITERS.has(toolName)) return "write";
  if (toolName.startsWith("mcp__")) return /(read|list|get|search|show)/.test(toolName) ? "read" : "write";
  return "read";
}
