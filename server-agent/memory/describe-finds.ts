import type { MemoryFinds } from "./open-memory.ts";

const SHOWN_CHARACTERS = 600;

/** For an agent to read: files, best first, with what of them fits. */
export function describeFinds({ found, by }: MemoryFinds): string {
  if (found.length === 0) return "Nothing in the memory matches";
  const files = found.map(({ path, pieces }) => `${path}\n${pieces.map(excerpt).join("\n…\n")}`);
  return `${files.join("\n\n")}\n\nFound by ${by}.`;
}

function excerpt(piece: string): string {
  return piece.length > SHOWN_CHARACTERS ? `${piece.slice(0, SHOWN_CHARACTERS)}…` : piece;
}
