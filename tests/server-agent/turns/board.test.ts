import { expect, test } from "vitest";
import { createBoard } from "../../../server-agent/turns/board.ts";

const place = { turnId: "turn", taskId: "task", conversationId: "main", agent: "code" } as const;
const shown = { type: "delta", messageId: "turn.0", taskId: "task", conversationId: "main", agent: "code" } as const;

test("keeps the whole text of each open message, replaced from the offset on", () => {
  const board = createBoard();
  board.write(place, { kind: "said", messageIndex: 0, offset: 0, text: "Hello wrld" });
  expect(board.write(place, { kind: "said", messageIndex: 0, offset: 7, text: "orld" })).toEqual({
    ...shown,
    offset: 7,
    text: "orld",
  });
  expect(board.partials()).toEqual([{ ...shown, offset: 0, text: "Hello world" }]);
});

test("takes no more text for a message that is closed", () => {
  const board = createBoard();
  board.write(place, { kind: "said", messageIndex: 0, offset: 0, text: "Hel" });
  board.closeMessage("turn.0");
  expect(board.write(place, { kind: "said", messageIndex: 0, offset: 3, text: "lo" })).toBeNull();
  expect(board.partials()).toEqual([]);
});

test("drops what a task left unfinished", () => {
  const board = createBoard();
  board.write(place, { kind: "said", messageIndex: 0, offset: 0, text: "Hel" });
  board.closeTask("task");
  expect(board.partials()).toEqual([]);
});
