import path from "node:path";

/** How a word stands in the policy's answer where only a running shell knows the rest. */
const UNKNOWN_PART = "…";
/** A word as it is written, which a running shell makes something else of: it may lead anywhere. */
const WRITTEN = /[$`"'\\]/;

/** A path, up to the folder in which something unknown is, and then with `/` at its end; null when it is known from nowhere. */
export function knownPart(target: string): string | null {
  if (!path.isAbsolute(target) || WRITTEN.test(target)) return null;
  const names = path.normalize(target).split("/");
  const unknown = names.findIndex((name) => name.includes(UNKNOWN_PART));
  const known = (unknown === -1 ? names : names.slice(0, unknown)).join("/").replace(/\/$/, "");
  if (known === "") return null;
  return unknown === -1 ? known : `${known}/`;
}
