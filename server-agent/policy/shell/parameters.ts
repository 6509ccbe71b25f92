import type * as ast from "unbash";
import { LISTED, NAME } from "./words.ts";

/** The value of `${…}`; null when it cannot be known. */
export function parameterValue(
  part: ast.ParameterExpansionPart,
  value: string | null,
  expand: (word: ast.Word) => string | null,
): string | null {
  if (part.prefix === "#") return NAME;
  if (part.prefix !== undefined || part.index !== undefined || value === null) return null;
  const { operation } = part;
  if (operation === undefined) return value;
  if (operation.type === "Remove") return without(value, operation.operator, operation.operand.text);
  if (operation.type === "Default") return defaulted(value, operation.operator, () => expand(operation.operand));
  return null;
}

function defaulted(value: string, operator: string, other: () => string | null): string | null {
  if (operator === "+" || operator === ":+") return value === "" && operator === ":+" ? "" : other();
  return value === "" && operator.startsWith(":") ? other() : value;
}

/** Without an ending, a folder, the folders before the name; other patterns are not followed. */
function without(value: string, operator: "#" | "##" | "%" | "%%", pattern: string): string | null {
  if (operator === "##" && pattern === "*/")
    return value.slice(value.lastIndexOf("/") + 1).replaceAll(LISTED, NAME) || null;
  if (operator === "%" && pattern === "/*") return value.includes("/") ? value.slice(0, value.lastIndexOf("/")) : value;
  if (operator.startsWith("%") && /^\.(\w+|\*)$/.test(pattern)) return withoutSuffix(value, pattern);
  return null;
}

function withoutSuffix(value: string, pattern: string): string | null {
  if (pattern !== ".*") return value.endsWith(pattern) ? value.slice(0, -pattern.length) || null : null;
  const dot = value.lastIndexOf(".");
  return dot > value.lastIndexOf("/") + 1 ? value.slice(0, dot) : null;
}
