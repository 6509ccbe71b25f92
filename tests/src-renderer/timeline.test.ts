import { expect, test } from "vitest";
import type { ToolCall } from "../../contract/tasks.ts";
import { timeline, withDrafts, type Records } from "../../src-renderer/pages/chat/timeline.ts";
import { RUN } from "../support/fake-host-run.ts";
import { message, task } from "../support/fake-host-scenes.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const call = (id: string, second: number, part: Partial<ToolCall> = {}): ToolCall => ({
  id,
  taskId: "t1",
  conversationId: "main",
  agent: "supervisor",
  tool: "read_file",
  summary: id,
  state: "done",
  output: "",
  startedAt: at(second),
  endedAt: at(second),
  ...part,
});
const byId = <T extends { id: string }>(...list: T[]): Record<string, T> =>
  Object.fromEntries(list.map((item) => [item.id, item]));
const records = (part: Partial<Records>): Records => ({
  messages: [],
  tasks: {},
  calls: {},
  approvals: {},
  runs: {},
  hasMore: false,
  ...part,
});
const keys = (part: Partial<Records>) => timeline(records(part)).map((entry) => entry.key);

test("calls with nothing said between them are one card, calls around a message two", () => {
  const entries = timeline(
    records({
      messages: [message("m1", { at: at(4) })],
      tasks: byId(task("t1", { createdAt: at(0) })),
      calls: byId(call("a", 1), call("b", 2), call("c", 5)),
    }),
  );
  expect(entries.map((entry) => (entry.kind === "calls" ? entry.calls.map(({ id }) => id) : entry.key))).toEqual([
    ["a", "b"],
    "m1",
    ["c"],
  ]);
});

test("a delegated task is a card that holds its own calls, and the call that delegated it is not shown again", () => {
  const child = task("t2", { parentId: "t1", agent: "code", createdAt: at(2) });
  const entries = timeline(
    records({
      tasks: byId(task("t1", { createdAt: at(0) }), child),
      calls: byId(call("d", 1, { tool: "delegate" }), call("x", 3, { taskId: "t2", agent: "code" })),
    }),
  );
  expect(entries).toMatchObject([{ kind: "task", task: { id: "t2" }, calls: [{ id: "x" }] }]);
});

test("what is older than the oldest loaded message waits for its page", () => {
  const old = task("t0", { parentId: "t", createdAt: at(1) });
  const part = { messages: [message("m1", { at: at(5) })], tasks: byId(old) };
  expect(keys({ ...part, hasMore: true })).toEqual(["m1"]);
  expect(keys({ ...part, hasMore: false })).toEqual(["task-t0", "m1"]);
});

test("a message keeps its key from the first piece of text to the end", () => {
  const draft = { messageId: "m9", taskId: "t1", agent: "code", role: "agent", text: "Hel", at: at(2) } as const;
  const writing = withDrafts([], [draft]).map((entry) => entry.key);
  expect(writing).toEqual(keys({ messages: [message("m9", { text: "Hello" })] }));
});

test("a run has a card, its working steps too, and a phase that only thinks has none", () => {
  const tasks = byId(
    task("run", { createdAt: at(1), state: "failed" }),
    task("think", { parentId: "run", phase: "THINK", createdAt: at(2) }),
    task("work", { parentId: "run", phase: "EXECUTE", agent: "code", createdAt: at(3) }),
    task("check", { parentId: "run", phase: "VERIFY", agent: "qa", createdAt: at(4) }),
  );
  const calls = byId(
    call("c1", 2, { taskId: "think", tool: "submit_output" }),
    call("c2", 4, { taskId: "check", tool: "run_command" }),
  );
  expect(keys({ tasks, calls, runs: { run: RUN } })).toEqual(["task-run", "task-work", "task-check"]);
});
