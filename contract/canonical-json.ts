/**
 * The one text of a JSON value: keys sorted, no spaces, what JSON leaves out left out. Two values with the same text are
 * the same value, so that a hash of the text is a hash of the value.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part)) ?? "null";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // No prototype: a key such as __proto__ is a key like any other.
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(record).sort()) result[key] = record[key];
  return result;
}
