import { forEachChild, type SyntaxNode } from "unbash";
import type * as ast from "unbash";
import { ask, type Finding } from "../parts.ts";
import { expandText, type Known } from "./expand.ts";
import { withVariable, type State } from "./state.ts";
import { judgeVariable } from "./variables.ts";
import { isPlain, NAME } from "./words.ts";

const SETTERS = [
  "read",
  "mapfile",
  "readarray",
  "getopts",
  "printf",
  "declare",
  "typeset",
  "local",
  "export",
  "readonly",
  "unset",
  "let",
  "wait",
  "eval",
  "source",
  ".",
];

/** How often each variable is set anywhere in a text, scripts within words included. */
export function countAssignments(node: SyntaxNode, counts = new Map<string, number>()): Map<string, number> {
  const add = (name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  if (node.type === "Assignment") add(node.name);
  if (node.type === "For" || node.type === "Select") add(node.name.value);
  if (node.type === "ArithmeticWord") for (const name of node.value.match(/[A-Za-z_]\w*/g) ?? []) add(name);
  if (node.type === "ParameterExpansion" && node.operation?.type === "Default") add(node.parameter);
  if (node.type === "Command" && SETTERS.includes(node.name?.value ?? "")) {
    for (const word of node.args)
      if (word.type === "Word") for (const name of word.value.match(/[A-Za-z_]\w*/g) ?? []) add(name);
  }
  forEachChild(node, (child) => void countAssignments(child, counts));
  return counts;
}

/** Judges what is set, and gives the state after it. */
export function assign(assignments: readonly ast.Assignment[], from: Known): { state: State; findings: Finding[] } {
  let { state } = from;
  const findings: Finding[] = [];
  for (const assignment of assignments) {
    const value = valueAfter(assignment, { ...from, state });
    findings.push(...judgeVariable(assignment.name, value), ...judgeHidden(assignment.name, value));
    state = withVariable(state, assignment.name, value);
  }
  return { state, findings };
}

/** Null for lists, parts of lists and what cannot be known. */
function valueAfter({ name, value, append, index }: ast.Assignment, from: Known): string | null {
  if (value.type === "ArrayValue" || index !== undefined) return null;
  const text = expandText(value, from);
  if (!append) return text;
  const before = from.state.variables.get(name) ?? null;
  if (isPlain(before) && isPlain(text)) return /\d/.test(text ?? "") ? NAME : `${before ?? ""}${text ?? ""}`;
  return before === null || text === null ? null : before + text;
}

/** A value that holds a command is kept to be run later. */
export function judgeHidden(name: string, value: string | null): Finding[] {
  return value !== null && /\$\(|`|\$\{/.test(value) ? [ask(`keeps a command in ${name}: ${value}`)] : [];
}
