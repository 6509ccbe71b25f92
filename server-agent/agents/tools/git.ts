import path from "node:path";
import { AppError } from "../../../contract/errors.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { runInSandbox, shellLine } from "../run-in-sandbox.ts";
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
      "Works with a git repository of the workspace: status, diff, log, show, commit, branch, switch, worktree_add, " +
      "worktree_list, worktree_remove, init. Hooks do not run. There is no network, so nothing is pushed or fetched.",
    inputSchema: GitInput,
    summary: (input) => summarise(readGitRequest(input)),
    run: async (input, context) => {
      const request = readGitRequest(input);
      const cwd = await files.resolve(input.repository);
      if (path.relative(workspace, cwd).startsWith("..")) {
        throw new AppError("app.bad_input", `${input.repository} is outside the workspace`);
      }
      const commands = gitCommands(insideOf(workspace, request));
      const line = commands.map((command) => shellLine(["git", ...options(author), ...command])).join(" && ");
      return await runInSandbox(sandbox, { command: line, cwd, timeoutSeconds: TIMEOUT_SECONDS }, context);
    },
  });
}

/** What a repository sets for itself must not run programs, page, or refuse because another agent made it. */
function options(author: string): string[] {
  const settings = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.pager": "cat",
    "core.editor": "false",
    "commit.gpgSign": "false",
    "safe.directory": "*",
    "color.ui": "false",
    "advice.detachedHead": "false",
    "user.name": `${author} agent`,
    "user.email": `${author}@ai-infrastructure.invalid`,
  };
  return ["--no-pager", ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
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
