import type { ActionPattern } from "../../contract/permissions.ts";

/** "git push", "nginx reload status.example.com": what a grant covers, in a person's words. */
export function patternText({ tool, program, verb, target }: ActionPattern): string {
  const what = program ?? (tool === "run_command" ? "commands" : tool.replaceAll("_", " "));
  return [what, verb, target].filter((word) => word !== undefined).join(" ");
}
