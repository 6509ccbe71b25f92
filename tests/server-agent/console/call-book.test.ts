import { expect, test } from "vitest";
import type { CallRecord } from "../../../contract/console-api.ts";
import { createCallBook } from "../../../server-agent/console/call-book.ts";

const BEGUN = { callId: "c1", tool: "read_file", summary: "note.txt" };
const DONE: CallRecord = { ...BEGUN, state: "done", output: "a note" };

/** A book whose records are stored when the test says so. */
function openBook() {
  const stored = Promise.withResolvers<{ output: string }>();
  const records: CallRecord[] = [];
  const book = createCallBook([], async (call) => {
    records.push(call);
    return await stored.promise;
  });
  return { book, records, stored };
}

test("what a call gave for the first time goes to the model while it is being stored", async () => {
  const { book, records } = openBook();
  book.begun(BEGUN, true);
  expect([book.hasOpen(), book.hasDone("read_file")]).toEqual([true, false]);
  expect(await book.record(DONE)).toEqual({ output: "a note" });
  expect(records).toEqual([DONE]);
  expect([book.hasOpen(), book.hasDone("read_file")]).toEqual([false, true]);
});

test("what a call gave again waits for what the daemon says about it", async () => {
  const { book, stored } = openBook();
  book.begun(BEGUN, false);
  const recorded = book.record(DONE);
  const first = await Promise.race([recorded, Promise.resolve("nothing yet")]);
  stored.resolve({ output: "a note\n\nThis exact call …" });
  expect([first, await recorded]).toEqual(["nothing yet", { output: "a note\n\nThis exact call …" }]);
  expect(book.get("c1")?.output).toContain("This exact call");
});

test("a call that was refused before it began is stored before the model hears of it", async () => {
  const { book, stored } = openBook();
  stored.reject(new Error("The database does not answer"));
  await expect(book.record({ ...DONE, state: "failed" })).rejects.toThrow("The database does not answer");
});
