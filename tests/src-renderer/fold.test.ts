import { describe, expect, test } from "vitest";
import type { DaemonEvent } from "../../contract/events.ts";
import { foldEvent, foldHistory, foldOlder } from "../../src-renderer/team/fold.ts";
import { EMPTY_TEAM, type Team } from "../../src-renderer/team/state.ts";
import { message, task } from "../support/fake-host-scenes.ts";

const fold = (events: readonly DaemonEvent[], team: Team = { ...EMPTY_TEAM, seq: 0 }) => events.reduce(foldEvent, team);
const delta = (offset: number, text: string, messageId = "m1"): DaemonEvent => ({
  type: "delta",
  messageId,
  conversationId: "main",
  taskId: "t1",
  agent: "code",
  offset,
  text,
});
const added = (seq: number, id: string, text = ""): DaemonEvent => ({
  type: "message_added",
  seq,
  message: message(id, { text }),
});
const drafts = (team: Team) => team.drafts.map((draft) => draft.text);
const texts = (team: Team) => team.messages.map((known) => known.id);

describe("text that is being written", () => {
  const cases: [string, readonly DaemonEvent[], readonly string[]][] = [
    ["grows piece by piece", [delta(0, "Hel"), delta(3, "lo")], ["Hello"]],
    ["is replaced from the offset on", [delta(0, "Hello"), delta(1, "i")], ["Hi"]],
    ["comes again whole after a reconnect, without doubling", [delta(0, "Hel"), delta(0, "Hello")], ["Hello"]],
    ["never has a gap", [delta(0, "Hel"), delta(7, "world")], ["Hel"]],
    ["starts only at its beginning", [delta(4, "late")], []],
    ["ends with the message that closes it", [delta(0, "Hello"), added(1, "m1", "Hello")], []],
    ["stays closed when a late piece comes", [added(1, "m1", "Hello"), delta(5, "!")], []],
    [
      "is dropped when its task ends without it",
      [delta(0, "Hel"), { type: "task_changed", seq: 1, task: task("t1", { state: "cancelled" }) }],
      [],
    ],
  ];
  test.each(cases)("%s", (_, events, expected) => expect(drafts(fold(events))).toEqual(expected));
});

test("an event that comes twice counts once", () => {
  expect(texts(fold([added(1, "m1"), added(2, "m2"), added(1, "m1"), added(2, "m2")]))).toEqual(["m1", "m2"]);
});

test("a message under two numbers is one message", () => {
  expect(texts(fold([added(1, "m1"), added(2, "m1")]))).toEqual(["m1"]);
});

test("the last number never goes back, so that a reader goes on where it was", () => {
  expect(fold([added(7, "m7"), { type: "caught_up", seq: 3 }]).seq).toBe(7);
});

test("a message of another conversation stays out of the chat and still counts as seen", () => {
  const other = { ...message("w1", {}), conversationId: "window-code" };
  const team = fold([{ type: "message_added", seq: 4, message: other }]);
  expect({ messages: team.messages, seq: team.seq }).toEqual({ messages: [], seq: 4 });
});

test("a message of the person is no longer pending once the server shows it", () => {
  const pending = [{ id: "m1", text: "hi", agent: null, mode: "auto" as const, at: "", state: "sent" as const }];
  expect(fold([added(1, "m1", "hi")], { ...EMPTY_TEAM, seq: 0, pending }).pending).toEqual([]);
});

test("an older page comes before what is there, each message once", () => {
  const page = { calls: [], tasks: [], approvals: [], runs: [], seq: 9 };
  const newest = foldHistory(EMPTY_TEAM, { ...page, messages: [message("b", {}), message("c", {})], hasMore: true });
  const all = foldOlder(newest, { ...page, messages: [message("a", {}), message("b", {})], hasMore: false });
  expect({ texts: texts(all), hasMore: all.hasMore }).toEqual({ texts: ["a", "b", "c"], hasMore: false });
});

test("a page of history does not undo what events brought", () => {
  const team = fold([{ type: "task_changed", seq: 5, task: task("t1", { state: "done" }) }]);
  const page = { calls: [], approvals: [], runs: [], messages: [], hasMore: false, seq: 5 };
  expect(foldOlder(team, { ...page, tasks: [task("t1", { state: "running" })] }).tasks["t1"]?.state).toBe("done");
});
