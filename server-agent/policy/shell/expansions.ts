import { forEachChild, type SyntaxNode } from "unbash";
import type * as ast from "unbash";
import { ask, type Finding } from "../parts.ts";
import { expandText, valueOf, type Known } from "./expand.ts";
import { isPlain, NAME } from "./words.ts";

type Visit = (script: ast.Script, stdin: "same" | "piped") => void;

/** Looks at everything that is expanded in a node: hands on scripts within, and finds what runs text as a program. */
export function inspectExpansions(node: SyntaxNode, from: Known, visit: Visit): Finding[] {
  const findings: Finding[] = [];
  forEachChild(node, (child) => {
    if (child.type === "Script") return visit(child, node.type === "ProcessSubstitution" ? "piped" : "same");
    if (isCommand(child)) return;
    findings.push(...judgeExpansion(child, from), ...inspectExpansions(child, from, visit));
  });
  return findings;
}

function isCommand(node: SyntaxNode): boolean {
  return ["Statement", "CompoundList", "Pipeline", "AndOr", "Command", "Redirected", "CaseItem", "Elif"].includes(
    node.type,
  );
}

function judgeExpansion(node: SyntaxNode, from: Known): Finding[] {
  if (node.type === "ParameterExpansion") return judgeParameter(node, from);
  if (node.type === "ArithmeticWord") return judgeNumber(node, from);
  if (node.type === "Assignment") return node.index === undefined ? [] : judgeName(node.index, from);
  if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") {
    return /[)`}]$/.test(node.text) ? [] : [ask(`${node.text} cannot be read`)];
  }
  if (node.type === "ArithmeticCommandExpansion") {
    return [ask(`computes with what a command prints, which may itself run commands: ${node.text}`)];
  }
  if (node.type === "TestUnary") return /^-[vR]$/.test(node.operator) ? judgeName(node.operand, from) : [];
  if (node.type !== "TestBinary" || !/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator)) return [];
  return [node.left, node.right].flatMap((word) => judgeName(word, from));
}

/** `@P` and indirect names run what the value says. */
function judgeParameter(part: ast.ParameterExpansionPart, from: Known): Finding[] {
  const { prefix, index, operation } = part;
  const isList = index?.text === "@" || index?.text === "*";
  if (prefix === "!" && operation?.type !== "Names" && !isList)
    return [ask(`${part.text} names its variable only when it runs`)];
  // The parser cuts these at the first slash or colon, also at one within a command.
  const isCut = operation !== undefined && operation.type !== "Default" && /\$\(|`|\$\{/.test(part.text.slice(2));
  if (isCut || operation?.type === "Unknown") return [ask(`${part.text} cannot be read`)];
  if (operation?.type === "Transform" && !/^[QEAaKkUuL]$/.test(operation.operand.text))
    return [ask(`${part.text} expands its value again`)];
  const numbers = operation?.type === "Slice" ? [operation.offset, operation.length] : [];
  const words = [...(isList ? [] : [index]), ...numbers].filter((word) => word !== undefined);
  return words.flatMap((word) => judgeName(word, from));
}

/** The shell computes with text: a value such as `a[$(…)]` would run commands. */
function judgeName(word: ast.Word, from: Known): Finding[] {
  const text = expandText(word, from);
  const isNumber = text !== null && /^[\s\w+*/%()<>=!.:@-]*$/.test(text.replaceAll(NAME, "0"));
  if (isNumber && namesIn(text).every((name) => isSafeName(name, from))) return [];
  return [ask(`computes with a value that is known only when it runs: ${word.text}`)];
}

function judgeNumber(word: ast.ArithmeticWord, from: Known): Finding[] {
  const unknown = ask(`computes with a value that is known only when it runs: ${word.value}`);
  if (word.parts !== undefined) {
    const isKnown = word.parts.every((part) => isPlainPart(part, from));
    return isKnown ? [] : [unknown];
  }
  if (!/^[\w.#[\]\s+*-]*$/.test(word.value)) return [unknown];
  return namesIn(word.value).every((name) => isSafeName(name, from)) ? [] : [unknown];
}

function isPlainPart(part: ast.WordPart, from: Known): boolean {
  if (part.type === "Literal")
    return /^[\w.#[\]\s+*-]*$/.test(part.value) && namesIn(part.value).every((name) => isSafeName(name, from));
  if (part.type === "SimpleExpansion" || part.type === "ParameterExpansion" || part.type === "CommandExpansion") {
    const value = valueOf(part, from);
    return isPlain(value) && namesIn(value ?? "").every((name) => isSafeName(name, from));
  }
  return part.type === "ArithmeticExpansion";
}

function namesIn(text: string): string[] {
  return text.match(/\b[A-Za-z_]\w*/g) ?? [];
}

/** Never set here: empty, or of the sandbox's own few. Set: to something plain, whose name in turn is safe. */
function isSafeName(name: string, from: Known, depth = 0): boolean {
  const { variables } = from.state;
  if (!variables.has(name)) return true;
  const value = variables.get(name) ?? null;
  if (value === "") return true;
  if (!isPlain(value) || depth > 8) return false;
  return namesIn(value ?? "").every((other) => isSafeName(other, from, depth + 1));
}

/** Variables that expansions in a node set: `${name:=…}`, `$((name = 1))`. */
export function setByExpansions(
  node: SyntaxNode,
  found = new Map<string, string | null>(),
): Map<string, string | null> {
  forEachChild(node, (child) => {
    if (child.type === "Script" || isCommand(child)) return;
    if (
      child.type === "ParameterExpansion" &&
      child.operation?.type === "Default" &&
      child.operation.operator.endsWith("=")
    ) {
      found.set(child.parameter, null);
    }
    if (child.type === "ArithmeticBinary" && /^([-+*/%&|^]|<<|>>)?=$/.test(child.operator))
      setNumber(child.left, found);
    if (child.type === "ArithmeticUnary" && /^(\+\+|--)$/.test(child.operator)) setNumber(child.operand, found);
    setByExpansions(child, found);
  });
  return found;
}

function setNumber(node: ast.ArithmeticExpression, found: Map<string, string | null>): void {
  if (node.type === "ArithmeticWord") found.set(/^\w+/.exec(node.value)?.[0] ?? node.value, NAME);
}
