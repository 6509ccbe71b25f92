import type { ActionPattern } from "../../contract/permissions.ts";
import type { Part } from "./parts.ts";

/** Whether a pattern takes in all of a part: every target that it has. */
export function covers(pattern: ActionPattern, tool: string, part: Part): boolean {
  if (!isFor(pattern, tool, part)) return false;
  const { target } = pattern;
  return target === undefined || (part.targets.length > 0 && part.targets.every((one) => matches(target, one)));
}

/** Whether a pattern takes in some of a part; what a part leaves open may be taken in. */
export function touches(pattern: ActionPattern, tool: string, part: Part): boolean {
  if (!isFor(pattern, tool, part)) return false;
  const { target } = pattern;
  return target === undefined || part.targets.some((one) => matches(target, one));
}

/** Names one action, with nothing left open. */
export function isExact({ program, verb, target }: ActionPattern): boolean {
  const named = [program, verb, target].filter((text) => text !== undefined);
  return (
    target !== undefined && (program !== undefined || verb !== undefined) && !named.some((text) => text.includes("*"))
  );
}

function isFor({ tool, program, verb }: ActionPattern, wanted: string, part: Part): boolean {
  if (tool !== wanted) return false;
  if (program !== undefined && (part.program === null || !matches(program, part.program))) return false;
  return verb === undefined || (part.verb !== null && matches(verb, part.verb));
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split("*")
    .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "s").test(text);
}
