import { shellLine } from "./run-in-sandbox.ts";

/** Lines of a shell that run git for an author. */
export function gitFor(author: string): (...words: readonly string[]) => string {
  const options = gitOptions(author);
  return (...words) => shellLine(["git", ...options, ...words]);
}

/** What a repository sets for itself must not run programs, page, or refuse because another agent made it. */
function gitOptions(author: string): string[] {
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
