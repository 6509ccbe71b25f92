import { canonicalJson } from "./canonical-json.ts";

/** The parts of a detail that say most, in the order they are said. Whatever else there is stands in the record. */
const SAYING = ["verdict", "answer", "state", "tool", "verb", "name", "action", "text", "app", "reason", "question"];
const LONGEST = 240;

/** What a record is about, in one line, whatever its kind. */
export function recordSummary(detail: string): string {
  const parts = readRecord(detail);
  if (parts === null) return oneLine(detail);
  const said = SAYING.flatMap((key) => textOf(parts[key]));
  const whole = [...said, ...inputText(parts["input"])];
  return oneLine(whole.length > 0 ? whole.join(" · ") : detail);
}

function readRecord(detail: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string[] {
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** A command as it is, any other input whole. */
function inputText(input: unknown): string[] {
  if (input === undefined) return [];
  const command = typeof input === "object" && input !== null && "command" in input ? input.command : null;
  return [typeof command === "string" ? command : canonicalJson(input)];
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
