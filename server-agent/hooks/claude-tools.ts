import path from "node:path";

/** A tool call in the names that hooks written for Claude Code match on and read. */
export interface ClaudeCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Translation {
  readonly name: string;
  /** Our field to theirs. Other fields keep their names. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Our field that holds a path; hooks get absolute ones. */
  readonly path?: string;
}

const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  run_command: { name: "Bash" },
  read_file: { name: "Read", fields: { path: "file_path" }, path: "path" },
  write_file: { name: "Write", fields: { path: "file_path" }, path: "path" },
  edit_file: { name: "Edit", fields: { path: "file_path", old: "old_string", new: "new_string" }, path: "path" },
  glob: { name: "Glob", path: "path" },
  grep: { name: "Grep", path: "path" },
  fetch_url: { name: "WebFetch" },
  web_search: { name: "WebSearch" },
  delegate: { name: "Task", fields: { agent: "subagent_type", request: "prompt" } },
};

/** A tool of ours that Claude Code has not. */
function otherToolName(tool: string): string {
  return tool.startsWith("mcp__") ? tool : `mcp__team__${tool}`;
}

export function toClaude({ tool, input }: Call, workspace: string): ClaudeCall {
  const { name, fields = {}, path: pathField } = TRANSLATIONS[tool] ?? { name: otherToolName(tool) };
  const entries = Object.entries(input).map(([field, value]) => {
    const isPath = field === pathField && typeof value === "string";
    return [fields[field] ?? field, isPath ? path.resolve(workspace, value) : value] as const;
  });
  return { name, input: Object.fromEntries(entries) };
}

/** What a hook wants the tool to be given instead, in our names. The tool still checks it. */
export function fromClaude(tool: string, updated: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(TRANSLATIONS[tool]?.fields ?? {});
  const ours = new Map(fields.map(([our, their]) => [their, our]));
  return Object.fromEntries(Object.entries(updated).map(([field, value]) => [ours.get(field) ?? field, value]));
}

/** A result in the shape that hooks read. */
export function toClaudeResponse({ name, input }: ClaudeCall, output: string): unknown {
  switch (name) {
    case "Bash":
      return { stdout: output, stderr: "", interrupted: false, isImage: false };
    case "Read":
      return { type: "text", file: { filePath: input["file_path"], content: output } };
    case "Write":
    case "Edit":
      return { filePath: input["file_path"], success: true };
    default:
      return { content: [{ type: "text", text: output }] };
  }
}
