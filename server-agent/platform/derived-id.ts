import { createHash } from "node:crypto";

/** The same parts always give the same id, so that a repeated request finds what it made before. */
export function derivedId(prefix: string, ...parts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${prefix}_${hash.slice(0, 24)}`;
}
