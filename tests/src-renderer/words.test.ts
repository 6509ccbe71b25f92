import { expect, test } from "vitest";
import { mentionAt, splitMention } from "../../src-renderer/pages/chat/mention.ts";
import { orderTasks } from "../../src-renderer/pages/tasks/order-tasks.ts";
import { connectionWords, silenceWords } from "../../src-renderer/servers/connection-words.ts";
import { relativeTime } from "../../src-renderer/ui/time.tsx";
import { FOUND_KEY, task } from "../support/fake-host-scenes.ts";

const error = { code: "connection.lost", message: "" } as const;

const ONLINE = { state: "online", since: "", latencyMs: null, silentSince: null } as const;

test("every connection has one of a few plain words", () => {
  const words = [
    connectionWords(ONLINE),
    connectionWords({ ...ONLINE, silentSince: new Date().toISOString() }),
    connectionWords({ state: "connecting", attempt: 1 }),
    connectionWords({ state: "connecting", attempt: 2 }),
    connectionWords({ state: "waiting", retryAt: "", error }),
    connectionWords({ state: "asking", question: { kind: "host_key", hostKey: FOUND_KEY } }),
    connectionWords({ state: "refused", error }),
    connectionWords({ state: "offline" }),
  ];
  expect(words.map(({ word }) => word)).toEqual([
    "Connected",
    "Not answering",
    "Connecting",
    "Reconnecting",
    "Reconnecting",
    "Needs you",
    "Needs you",
    "Disconnected",
  ]);
});

test("a silence is told with its length, in whole seconds", () => {
  const silentSince = new Date(1e12).toISOString();
  expect(silenceWords(ONLINE, 1e12)).toBeNull();
  expect(silenceWords({ ...ONLINE, silentSince }, 1e12 + 7400)).toBe("Not answering for 7 s");
  expect(silenceWords({ ...ONLINE, silentSince }, 0)).toBe("Not answering for 2 s");
});

test.each([
  ["@code add a test", { agent: "code", text: "add a test" }],
  ["@QA, check it", { agent: "qa", text: "check it" }],
  ["@nobody hello", { agent: null, text: "@nobody hello" }],
  ["mail a@code.example", { agent: null, text: "mail a@code.example" }],
  ["@data", { agent: "data", text: "" }],
])("%s goes to the agent that is named first", (text, expected) => expect(splitMention(text)).toEqual(expected));

test.each([
  ["@", 1, ""],
  ["@in please", 3, "in"],
  ["@in please", 8, null],
  ["hello @in", 9, null],
])("an agent's name is being typed in %j at %i: %j", (text, cursor, expected) =>
  expect(mentionAt(text, cursor)).toBe(expected),
);

test.each([
  [3000, "just now"],
  [42_000, "42 s ago"],
  [250_000, "4 min ago"],
  [7_300_000, "2 h ago"],
])("an age of %i ms reads %s", (age, expected) => expect(relativeTime(1e12 - age, 1e12)).toBe(expected));

test("tasks come newest first, each followed by what was handed on from it", () => {
  const at = (second: number) => new Date(second * 1000).toISOString();
  const rows = orderTasks([
    task("old", { createdAt: at(1) }),
    task("second", { parentId: "old", createdAt: at(3) }),
    task("first", { parentId: "old", createdAt: at(2) }),
    task("new", { createdAt: at(9) }),
  ]);
  expect(rows.map((row) => `${row.depth} ${row.task.id}`)).toEqual(["0 new", "0 old", "1 first", "1 second"]);
});
