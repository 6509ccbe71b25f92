const DROPS_PLAIN = /\bdrop\s+(?:table|view|sequence|index|schema)\b/gi;
const NAMED =
  /\b(?:drop\s+(?:table|view|sequence|index|schema)(?:\s+if\s+exists)?|alter\s+table(?:\s+if\s+exists)?|truncate(?:\s+table)?|delete\s+from|update)(?:\s+only)?\s+([\w.]+(?:\s*,\s*[\w.]+)*)/gi;

/** What a statement names to be destroyed; none when that is not plain to see, and then it is the whole database. */
export function namedTables(sql: string): string[] {
  const altered = /\balter\s+table\b/i.test(sql);
  const drops = sql.match(/\bdrop\b/gi)?.length ?? 0;
  const plain = sql.match(DROPS_PLAIN)?.length ?? 0;
  if (sql.includes('"') || (!altered && drops > plain)) return [];
  const found = [...sql.matchAll(NAMED)].flatMap(([, names = ""]) => names.split(","));
  return [...new Set(found.map((name) => name.trim().toLowerCase()))];
}
