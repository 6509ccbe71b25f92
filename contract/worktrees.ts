import { z } from "zod";

/**
 * Where a task changes a git repository apart from everybody else. Paths are relative to the workspace; what the task
 * leaves behind is kept on the branch and under `refs/ai-infra/tasks/<task id>`.
 */
export const Worktree = z.object({
  repository: z.string(),
  folder: z.string(),
  branch: z.string(),
});
export type Worktree = z.infer<typeof Worktree>;

/** A folder of the workspace by its relative path, which does not lead out. */
export const RepositoryPath = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), "is not a folder within the workspace");

const FOLDER = ".worktrees";

export function worktreeOf(taskId: string, repository: string): Worktree {
  return { repository, folder: `${FOLDER}/${taskId}`, branch: taskId.replace("_", "/") };
}

/** Where the worktree of a task's branch is; null for any other branch. */
export function folderOfBranch(branch: string): string | null {
  return /^task\/\w+$/.test(branch) ? `${FOLDER}/${branch.replace("/", "_")}` : null;
}

/** Keeps the last commit of a task, whatever happens to its branch. */
export function safetyRefOf(taskId: string): string {
  return `refs/ai-infra/tasks/${taskId}`;
}
