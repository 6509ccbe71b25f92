import path from "node:path";
import { AppError } from "../../../contract/errors.ts";
import { folderOfBranch } from "../../../contract/worktrees.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { gitFor } from "../git-command.ts";
import { runInSandbox } from "../run-in-sandbox.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";
import { gitCommands, GitInput, type GitRequest, readGitRequest } from "./git-commands.ts";

const TIMEOUT_SECONDS = 120;

export interface GitParts {
  readonly files: WorkspaceFiles;
  readonly sandbox: Sandbox;
  readonly workspace: string;
  /** Who commits. */
  readonly author: string;
}

export function gitTool({ files, sandbox, workspace, author }: GitParts): AgentTool {
  return defineTool({
    name: "git",
    description:
      "Works with a git repository of the workspace: status, diff, log, show, commit, branch, switch, merge, " +
      "worktree_add, worktree_list, worktree_remove, init. Hooks do not run. There is no network, so nothing is pushed or fetched.",
    inputSchema: GitInput,
    summary: (input) => summarise(readGitRequest(input)),
    run: async (input, context) => {
      const request = readGitRequest(input);
      const cwd = await files.resolveInWorkspace(input.repository);
      const commands = gitCommands(insideOf(workspace, request));
      const git = gitFor(author);
      const line = commands.map((words) => git(...words)).join(" && ");
      const command = request.action === "merge" ? merging(line, { git, workspace, branch: request.name }) : line;
      return await runInSandbox(sandbox, { command, cwd, timeoutSeconds: TIMEOUT_SECONDS }, context);
    },
  });
}

interface Merging {
  readonly git: (...words: readonly string[]) => string;
  readonly workspace: string;
  readonly branch: string;
}

/** A merge that cannot be leaves everything as it was; after one that could, the worktree of the task is not needed. */
function merging(merge: string, { git, workspace, branch }: Merging): string {
  const conflicts = `${git("diff", "--name-only", "--diff-filter=U")} | sed "s/^/in conflict: /"`;
  const undo = `${git("merge", "--abort")} 2>/dev/null`;
  const folder = folderOfBranch(branch);
  const tidy =
    folder === null
      ? "true"
      : `${git("worktree", "remove", path.join(workspace, folder))} && ${git("branch", "--quiet", "-d", branch)} || true`;
  return `if ${merge}; then ${tidy}; else ${conflicts}; ${undo}; exit 1; fi`;
}

function summarise(request: GitRequest): string {
  const action = request.action.replace("_", " ");
  if (request.action === "commit") return `commit: ${request.message}`;
  const about = "name" in request ? request.name : "path" in request ? request.path : undefined;
  return about ? `${action} ${about}` : action;
}

/** The folder of a worktree is relative to the workspace, wherever the repository is. */
function insideOf(workspace: string, request: GitRequest): GitRequest {
  if (request.action !== "worktree_add" && request.action !== "worktree_remove") return request;
  const whole = path.resolve(workspace, request.path);
  if (whole.startsWith(workspace + path.sep)) return { ...request, path: whole };
  throw new AppError("app.bad_input", `${request.path} is outside the workspace`);
}
