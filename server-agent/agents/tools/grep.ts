import path from "node:path";
import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { shellLine } from "../run-in-sandbox.ts";
import { SKIPPED_FOLDERS } from "../walk-folder.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";

const MAX_LINES = 300;
const MAX_LINE_CHARACTERS = 400;
const TIMEOUT_MS = 60_000;
/** ripgrep and grep: 1 is "nothing found", 2 "something could not be read". */
const SOME_UNREADABLE = 2;

const Input = z.object({
  pattern: z.string().min(1).max(1024).describe("A regular expression"),
  path: z.string().min(1).max(1024).default(".").describe("The folder to look in"),
  glob: z.string().min(1).max(256).optional().describe("Only in files with such names, for example *.ts"),
  ignore_case: z.boolean().default(false),
  literal: z.boolean().default(false).describe("Take the pattern as plain text"),
  context: z.number().int().min(0).max(10).default(0).describe("Lines shown before and after each"),
});
type Input = z.infer<typeof Input>;

export interface GrepParts {
  readonly files: WorkspaceFiles;
  /** Sees what may be read. A pattern may take for ever, so it runs where it can be stopped. */
  readonly sandbox: Sandbox;
  readonly workspace: string;
  /** What the sandbox shows besides the workspace. */
  readonly shown: readonly string[];
}

export function grepTool({ files, sandbox, workspace, shown }: GrepParts): AgentTool {
  return defineTool({
    name: "grep",
    description:
      "Searches the contents of files for a regular expression and gives `file:line:text`. Leaves out .git and " +
      "node_modules, and what .gitignore names where ripgrep is installed.",
    inputSchema: Input,
    summary: ({ pattern, path: folder, glob }) =>
      [`"${pattern}"`, ...(folder === "." ? [] : [`in ${folder}`]), ...(glob ? [`(${glob})`] : [])].join(" "),
    run: async (input, { signal }) => {
      const place = path.relative(workspace, await files.resolve(input.path)) || ".";
      const target = place.startsWith("..") ? path.resolve(workspace, place) : place;
      refuseUnseen(target, shown);
      const found = createFirstLines(MAX_LINES);
      const end = await sandbox.run(searchLine(input, target), {
        cwd: workspace,
        signal: AbortSignal.any([signal, found.full]),
        timeoutMs: TIMEOUT_MS,
        onOutput: (text) => found.add(text),
      });
      if (end.reason === "timed_out") throw new AppError("app.timed_out", `Stopped after ${TIMEOUT_MS / 1000} s`);
      const text = found.read();
      if (end.code === SOME_UNREADABLE && text === "")
        throw new AppError("app.bad_input", "The pattern is not understood, or nothing there can be read");
      return text === "" ? "Nothing found" : text;
    },
  });
}

function refuseUnseen(target: string, shown: readonly string[]): void {
  if (!path.isAbsolute(target)) return;
  if (shown.some((folder) => target === folder || target.startsWith(folder + path.sep))) return;
  throw new AppError("app.bad_input", `${target} cannot be searched: read its files one by one`);
}

function searchLine(input: Input, target: string): string {
  const ripgrep = shellLine(["rg", ...ripgrepOptions(input), "--", input.pattern, target]);
  const grep = shellLine(["grep", ...grepOptions(input), "--", input.pattern, target]);
  return `if command -v rg >/dev/null; then exec ${ripgrep}; else exec ${grep}; fi 2>/dev/null`;
}

function ripgrepOptions({ glob, ignore_case, literal, context }: Input): string[] {
  const skipped = SKIPPED_FOLDERS.flatMap((name) => ["--glob", `!${name}`]);
  const shown = ["--no-config", "--color=never", "--no-heading", "--with-filename", "--line-number", "--hidden"];
  const wanted = [...(glob ? ["--glob", glob] : []), ...(ignore_case ? ["-i"] : []), ...(literal ? ["-F"] : [])];
  return [...shown, ...around(context), ...wanted, ...skipped];
}

function grepOptions({ glob, ignore_case, literal, context }: Input): string[] {
  const skipped = SKIPPED_FOLDERS.map((name) => `--exclude-dir=${name}`);
  const wanted = [...(glob ? [`--include=${glob}`] : []), ...(ignore_case ? ["-i"] : []), literal ? "-F" : "-E"];
  return ["-r", "-n", "-H", "-I", "--color=never", ...around(context), ...wanted, ...skipped];
}

function around(context: number): string[] {
  return context === 0 ? [] : [`--context=${context}`];
}

/** Keeps so many lines, each cut to a readable length, and says when there are more. */
function createFirstLines(limit: number) {
  const full = new AbortController();
  const lines: string[] = [];
  let open = "";
  return {
    full: full.signal,
    add(text: string): void {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      lines.push(...parts.slice(0, limit + 1 - lines.length).map(tidy));
      if (lines.length > limit) full.abort();
    },
    read(): string {
      const all = open === "" || lines.length > limit ? lines : [...lines, tidy(open)];
      if (all.length <= limit) return all.join("\n");
      return [...all.slice(0, limit), "… more lines; look for something more exact"].join("\n");
    },
  };
}

function tidy(line: string): string {
  const short = line.replace(/^\.\//, "");
  return short.length > MAX_LINE_CHARACTERS ? `${short.slice(0, MAX_LINE_CHARACTERS)}…` : short;
}
