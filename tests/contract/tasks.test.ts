import { expect, test } from "vitest";
import { type Task, tasksBefore } from "../../contract/tasks.ts";
import { task } from "../support/fake-host-scenes.ts";

const said = task("said", { state: "queued" });
const idsBefore = (others: readonly Task[], of = said) => tasksBefore(of, [of, ...others]).map(({ id }) => id);

test("a task waits for what its agent works at, and for what was asked before in its conversation", () => {
  const asked = task("asked", { state: "waiting" });
  const given = task("given", { state: "running", parentId: "other" });
  expect(idsBefore([asked, given])).toEqual(["asked", "given"]);
  expect(idsBefore([asked, given], { ...said, state: "running" })).toEqual([]);
  expect(idsBefore([asked, given], { ...said, parentId: "other" })).toEqual(["given"]);
});

test("nothing is held up by what is paused, rests, waits elsewhere, or is another agent's", () => {
  const reason = { code: "model.budget_spent", message: "The budget is spent" } as const;
  const others = [
    task("paused", { state: "paused" }),
    task("rests", { state: "waiting", rest: { reason, until: null } }),
    task("given", { state: "waiting", parentId: "other" }),
    task("elsewhere", { state: "waiting", conversationId: "other" }),
    task("another", { state: "running", agent: "data" }),
    task("ended", { state: "done" }),
  ];
  expect(idsBefore(others)).toEqual([]);
});
