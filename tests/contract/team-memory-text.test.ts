import { expect, it } from "vitest";
import type { MemoryStatus } from "../../contract/status.ts";
import { teamMemoryText } from "../../contract/team-memory-text.ts";

const full: MemoryStatus = { files: 12, pieces: 40, withVector: 40, hasModel: true, index: "qdrant", problem: null };

it.each([
  [full, "12 files, found by words and meaning (Qdrant)"],
  [{ ...full, files: 1, pieces: 3, withVector: 1 }, "1 file, found by words and meaning (Qdrant, 1 of 3 parts so far)"],
  [{ ...full, index: "postgres" as const, hasModel: false, withVector: 0 }, "12 files, found by words"],
  [{ ...full, files: 0, pieces: 0, withVector: 0 }, "nothing remembered yet"],
])("says what the memory holds and by what it is found", (status, text) => {
  expect(teamMemoryText(status)).toBe(text);
});
