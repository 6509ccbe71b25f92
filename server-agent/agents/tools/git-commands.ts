import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";

const NAME = /^(?![-./])(?!.*(?:\.\.|\/\/|@\{|\.lock$|[./]$))[\w./+-]+$/;
const REVISION = /^(?!-)[\w./~^@{}:+-]+$/;

const file = z.string().min(1).max(1024);
const branchName = z.string().max(200).regex(NAME, "is not a name for a branch");
const revision = z.string().max(200).regex(REVISION, "is not a revision");

/** One flat shape, as the Messages API wants it; `GitRequest` says what belongs together. */
export const GitInput = z.object({
  action: z.enum([
    "status",
    "diff",
    "log",
    "show",
    "commit",
    "branch",
    "switch",
    "worktree_add",
    "worktree_list",
    "worktree_remove",
    "merge",
    "init",
  ]),
  repository: file.default(".").describe("Folder of the repository"),
  path: file.optional().describe("diff, log: only this path. worktree_*: its folder, relative to the workspace"),
  paths: z.array(file).max(500).optional().describe("commit: what to include; everything changed without it"),
  staged: z.boolean().optional().describe("diff: what would be committed"),
  revision: revision
    .optional()
    .describe("diff: against it. log: up to it. show: which one. branch, worktree_add: its start"),
  limit: z.number().int().min(1).max(500).optional().describe("log: how many commits"),
  message: z.string().trim().min(1).max(10_000).optional().describe("commit"),
  name: branchName
    .optional()
    .describe("switch, merge, worktree_add: the branch. branch: made when named, else all are listed"),
});
export type GitInput = z.infer<typeof GitInput>;

const GitRequest = z.discriminatedUnion("action", [
  z.object({ action: z.literal("status") }),
  z.object({
    action: z.literal("diff"),
    path: file.optional(),
    staged: z.boolean().default(false),
    revision: revision.optional(),
  }),
  z.object({
    action: z.literal("log"),
    path: file.optional(),
    revision: revision.optional(),
    limit: z.number().default(20),
  }),
  z.object({ action: z.literal("show"), revision: revision.default("HEAD") }),
  z.object({ action: z.literal("commit"), message: z.string(), paths: z.array(file).optional() }),
  z.object({ action: z.literal("branch"), name: branchName.optional(), revision: revision.optional() }),
  z.object({ action: z.literal("switch"), name: branchName }),
  z.object({ action: z.literal("worktree_add"), path: file, name: branchName, revision: revision.optional() }),
  z.object({ action: z.literal("worktree_list") }),
  z.object({ action: z.literal("worktree_remove"), path: file }),
  z.object({ action: z.literal("merge"), name: branchName }),
  z.object({ action: z.literal("init") }),
]);
export type GitRequest = z.infer<typeof GitRequest>;

export function readGitRequest(input: GitInput): GitRequest {
  const request = GitRequest.safeParse(input);
  if (request.success) return request.data;
  const missing = request.error.issues.map(({ path }) => path.join(".")).join(", ");
  throw new AppError("app.bad_input", `git ${input.action} needs ${missing}`);
}

const PLAIN = ["--no-ext-diff", "--no-textconv", "--no-color"];
const LOG_FORMAT = "--format=%h %ad %an: %s";
const STATUS = ["status", "--short", "--branch"];

/** The commands of a request, one after the other, without `git` itself. Paths stand behind `--`. */
export function gitCommands(request: GitRequest): string[][] {
  switch (request.action) {
    case "status":
      return [STATUS];
    case "diff": {
      const staged = request.staged ? ["--cached"] : [];
      return [["diff", ...PLAIN, ...staged, ...given(request.revision), "--", ...given(request.path)]];
    }
    case "log": {
      const shown = [`--max-count=${request.limit}`, "--date=iso", LOG_FORMAT];
      return [["log", ...shown, ...given(request.revision), "--", ...given(request.path)]];
    }
    case "show":
      return [["show", ...PLAIN, "--stat", "--patch", request.revision, "--"]];
    case "commit":
      return commitCommands(request);
    case "branch":
      if (request.name === undefined) return [["branch", "--list", "--all", "--verbose"]];
      return [["switch", "--create", request.name, ...given(request.revision)]];
    case "switch":
      return [["switch", request.name]];
    case "worktree_add":
      return [["worktree", "add", "-b", request.name, "--", request.path, ...given(request.revision)]];
    case "worktree_list":
      return [["worktree", "list"]];
    case "worktree_remove":
      return [["worktree", "remove", "--", request.path]];
    case "merge":
      return [["merge", "--no-ff", "--no-verify", `--message=Merge ${request.name}`, request.name]];
    case "init":
      return [["init", "--quiet", "--initial-branch=main"], STATUS];
  }
}

function commitCommands({ message, paths }: Extract<GitRequest, { action: "commit" }>): string[][] {
  return [
    ["add", "--all", "--", ...(paths ?? ["."])],
    ["commit", "--quiet", "--no-verify", `--message=${message}`, "--", ...(paths ?? [])],
    ["log", "--max-count=1", "--date=iso", LOG_FORMAT],
  ];
}

function given(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}
