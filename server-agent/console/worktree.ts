import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Turn } from "../../contract/console-api.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import { safetyRefOf, type Worktree } from "../../contract/worktrees.ts";
import { gitFor } from "../agents/git-command.ts";
import { runInSandbox, shellLine } from "../agents/run-in-sandbox.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import type { TurnOutcome } from "./outcomes.ts";

export interface WorktreeParts {
  readonly agent: string;
  readonly workspace: string;
}

const OPEN_SECONDS = 120;
const KEEP_SECONDS = 60;

/** Makes the worktree a turn works in; one that is there, with what an earlier process did in it, is used again. */
export async function openWorktree(worktree: Worktree, parts: WorktreeParts, signal: AbortSignal): Promise<void> {
  const { workspace, agent } = parts;
  const { repository, branch } = worktree;
  const folder = path.join(workspace, worktree.folder);
  if (existsSync(path.join(folder, ".git"))) return;
  const cwd = path.join(workspace, repository);
  if (!existsSync(path.join(cwd, ".git"))) {
    throw new AppError("task.failed", `${repository} is not a git repository of the workspace`, {
      hint: "Initialise it and commit first, or give the task without a repository.",
    });
  }
  await mkdir(path.dirname(folder), { recursive: true });
  const git = gitFor(agent);
  // Made under another name and then moved: what has its name is whole.
  const unfinished = `${folder}.new`;
  const script = [
    "set -e",
    `${git("rev-parse", "--quiet", "--verify", "HEAD")} >/dev/null || { echo "it has no commit yet"; exit 1; }`,
    `exclude="$(${git("rev-parse", "--git-path", "info/exclude")})"`,
    `mkdir -p "$(dirname "$exclude")"; grep -qxF /.worktrees/ "$exclude" 2>/dev/null || echo /.worktrees/ >> "$exclude"`,
    `rm -rf ${shellLine([unfinished])}; ${git("worktree", "prune")}`,
    `if ${git("show-ref", "--quiet", `refs/heads/${branch}`)}`,
    `then ${git("worktree", "add", "--quiet", "--", unfinished, branch)}`,
    `else ${git("worktree", "add", "--quiet", "-b", branch, "--", unfinished)}; fi`,
    git("worktree", "move", unfinished, folder),
  ].join("\n");
  await inSandbox(script, { cwd, workspace, seconds: OPEN_SECONDS, signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    const { message } = toWireError(error);
    throw new AppError("task.failed", `${repository} has no worktree for this task: ${message}`, { cause: error });
  });
}

/** Commits what the turn changed, however it ended, and tells where it is. */
export async function keepWorktree(turn: Turn, outcome: TurnOutcome, parts: WorktreeParts): Promise<TurnOutcome> {
  const { worktree } = turn;
  if (worktree === null || outcome.state === "left" || outcome.state === "resting") return outcome;
  if (!existsSync(path.join(parts.workspace, worktree.folder, ".git"))) return outcome;
  const told = await commitAll(turn, worktree, parts).catch((error: unknown) => {
    const { message } = toWireError(error);
    return `What it changed is in ${worktree.folder} and is not committed: ${message}`;
  });
  if (outcome.state === "done") return { ...outcome, text: [outcome.text, told].filter(Boolean).join("\n\n") };
  if (outcome.state === "failed") {
    return { ...outcome, error: { ...outcome.error, hint: [outcome.error.hint, told].filter(Boolean).join("\n") } };
  }
  return outcome;
}

async function commitAll(turn: Turn, worktree: Worktree, { workspace, agent }: WorktreeParts): Promise<string> {
  const cwd = path.join(workspace, worktree.folder);
  const [subject = ""] = turn.request.split("\n", 1);
  const git = gitFor(agent);
  const home = shellLine([path.join(workspace, worktree.repository)]);
  const commit = git("commit", "--quiet", "--no-verify", `--message=${subject.slice(0, 200)}`);
  const script = [
    "set -e",
    git("add", "--all"),
    `${git("diff", "--cached", "--quiet")} || ${commit}`,
    git("update-ref", safetyRefOf(turn.taskId), "HEAD"),
    `base="$(${git("merge-base", "HEAD")} "$(${git("-C")} ${home} rev-parse HEAD)")"`,
    `${git("diff", "--stat=100")} "$base" HEAD`,
  ].join("\n");
  const signal = AbortSignal.timeout(KEEP_SECONDS * 1000);
  const changes = await inSandbox(script, { cwd, workspace, seconds: KEEP_SECONDS, signal });
  if (changes === "(no output)") return "";
  return `Its changes are on the branch \`${worktree.branch}\` of \`${worktree.repository}\`, not merged yet:\n${changes.trimEnd()}`;
}

interface Script {
  readonly cwd: string;
  readonly workspace: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

async function inSandbox(script: string, { cwd, workspace, seconds, signal }: Script): Promise<string> {
  const context = { signal, onOutput: () => undefined };
  return await runInSandbox(createBubblewrap(workspace), { command: script, cwd, timeoutSeconds: seconds }, context);
}
