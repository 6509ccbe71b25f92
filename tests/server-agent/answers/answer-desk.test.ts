import { expect, test } from "vitest";
import type { Approval } from "../../../contract/approvals.ts";
import { EMPTY_DESK, lookAgain, readTyped } from "../../../server-agent/answers/answer-desk.ts";
import { questionText } from "../../../server-agent/answers/question-text.ts";

const question = (id: string, part: Partial<Approval> = {}): Approval => ({
  id,
  taskId: "t1",
  conversationId: "main",
  agent: "code",
  action: "rm -rf old",
  reason: "It leaves the workspace",
  tool: "run_command",
  grantable: [],
  hash: "a".repeat(64),
  destructive: null,
  state: "open",
  createdAt: "2026-11-05T12:00:00.000Z",
  expiresAt: "2026-11-05T12:30:00.000Z",
  answeredAt: null,
  usedAt: null,
  ...part,
});
const [first, second] = [question("q1"), question("q2")];
const SIZE = { columns: 60, rows: 12 };

test("an answer is for the question that is shown, not for one that came meanwhile", () => {
  const desk = lookAgain(EMPTY_DESK, [first], 0);
  const later = lookAgain(desk, [first, second], 5_000);
  const typed = readTyped(later, "y", { nowMs: 6_000, isWhole: true });
  expect(typed).toEqual({ kind: "answer", asked: first, allow: true });
  expect(later.more).toBe(1);
});

test("a key that was pressed before the question could be read answers nothing", () => {
  const desk = lookAgain(lookAgain(EMPTY_DESK, [first], 0), [second], 5_000);
  expect(readTyped(desk, "y", { nowMs: 5_500, isWhole: true })).toMatchObject({ kind: "refused" });
  expect(readTyped(desk, "n", { nowMs: 6_500, isWhole: true })).toEqual({
    kind: "answer",
    asked: second,
    allow: false,
  });
});

test("a question whose action has changed is another question", () => {
  const desk = lookAgain(EMPTY_DESK, [first], 0);
  const changed = lookAgain(desk, [question("q1", { hash: "b".repeat(64) })], 5_000);
  expect(readTyped(changed, "y", { nowMs: 5_500, isWhole: true })).toMatchObject({ kind: "refused" });
});

test("anything but yes and no is a message to the agent", () => {
  const desk = lookAgain(EMPTY_DESK, [first], 0);
  for (const line of ["a", "yes please", "why?"]) {
    expect(readTyped(desk, line, { nowMs: 5_000, isWhole: true })).toEqual({ kind: "message", text: line });
  }
});

test("a yes to a question that is gone is neither an answer nor a message", () => {
  const desk = lookAgain(lookAgain(EMPTY_DESK, [first], 0), [], 5_000);
  expect(readTyped(desk, "y", { nowMs: 9_000, isWhole: true })).toMatchObject({ kind: "refused" });
});

test("what cannot be read whole cannot be allowed, but denied", () => {
  const long = question("q1", { action: "echo hello\n".repeat(30) });
  expect(questionText(long, 0, SIZE)).toMatchObject({ isWhole: false });
  const desk = lookAgain(EMPTY_DESK, [long], 0);
  expect(readTyped(desk, "y", { nowMs: 5_000, isWhole: false })).toMatchObject({ kind: "refused" });
  expect(readTyped(desk, "n", { nowMs: 5_000, isWhole: false })).toMatchObject({ kind: "answer", allow: false });
});

test("what a terminal would hide stands in the question", () => {
  const sly = question("q1", { action: "ls \u001b]0;\n; rm -rf ~\u0007\u202e#" });
  expect(questionText(sly, 0, SIZE).rows).toEqual([
    "code asks to do this once:",
    "  │ ls \\u{1b}]0;",
    "  │ ; rm -rf ~\\u{7}\\u{202e}#",
    "It leaves the workspace",
  ]);
});
