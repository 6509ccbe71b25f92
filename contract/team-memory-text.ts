import type { MemoryStatus } from "./status.ts";

const INDEXES: Readonly<Record<MemoryStatus["index"], string>> = { postgres: "PostgreSQL", qdrant: "Qdrant" };

/** Such as `12 files, found by words and meaning (Qdrant)`. */
export function teamMemoryText({ files, pieces, withVector, hasModel, index }: MemoryStatus): string {
  if (files === 0) return "nothing remembered yet";
  const count = files === 1 ? "1 file" : `${files} files`;
  if (!hasModel) return `${count}, found by words`;
  const soFar = withVector < pieces ? `, ${withVector} of ${pieces} parts so far` : "";
  return `${count}, found by words and meaning (${INDEXES[index]}${soFar})`;
}
