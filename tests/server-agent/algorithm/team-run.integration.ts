import { readFileSync } from "node:fs";
import path from "node:path";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AlgorithmRun, WorkMode } from "../../../contract/algorithm.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(team.screen("supervisor"), team.screen("qa"), team.daemon.output());
});
afterAll(async () => await team?.remove());

const inWorkspace = (file: string): string => readFileSync(path.join(team.workspace, file), "utf8");
const send = async (text: string, mode: WorkMode): Promise<string> =>
  (await (await team.app()).chat.send({ id: randomUUID(), text, mode })).taskId;
const runOf = async (taskId: string): Promise<AlgorithmRun> => {
  const app = await team.app();
  const { task, children, run } = await app.tasks.show({ id: taskId });
  const [child] = children;
  const shown = run ?? (child ? (await app.tasks.show({ id: child.id })).run : null);
  if (!shown) throw new Error(`${task.id} has no run`);
  return shown;
};
const verdicts = (run: AlgorithmRun): string[] =>
  run.criteria.map(({ id, anti, state }) => `${id}${anti ? " anti" : ""} ${state}`);

test("the supervisor runs the Algorithm by itself, the specialists work, qa verifies with real commands", async () => {
  const task = await team.whenEnded(
    await team.send(
      "use the algorithm to write one.txt with uno, then write two.txt with due, then run cat one.txt two.txt",
    ),
  );
  expect(task).toMatchObject({ state: "done", simulated: true, agent: "supervisor" });
  expect([inWorkspace("one.txt"), inWorkspace("two.txt")]).toEqual(["uno", "due"]);
  const run = await runOf(task.id);
  expect(verdicts(run)).toEqual(["ISC-1 passed", "ISC-2 passed", "ISC-3 passed", "ISC-4 anti passed"]);
  expect(run.criteria[0]?.judgements[0]).toMatchObject({
    passed: true,
    outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(task.result).toContain("**Verified by QA**: 4 of 4 criteria passed");
  expect(team.screen("qa")).toMatch(/✓ run\s+grep -qF -- uno one\.txt/);
});

test("a person forces the Algorithm, and a failed check sends the run back to the work", async () => {
  const task = await team.whenEnded(await send("write three.txt with tre, then fail a check once", "algorithm"));
  const run = await runOf(task.id);
  expect(
    run.trace.map(
      ({ phase, iteration, sentBackTo }) => `${phase} ${iteration}${sentBackTo ? ` to ${sentBackTo}` : ""}`,
    ),
  ).toEqual([
    "OBSERVE 1",
    "THINK 1",
    "PLAN 1",
    "BUILD 1",
    "EXECUTE 1",
    "VERIFY 1 to EXECUTE",
    "EXECUTE 2",
    "VERIFY 2",
    "LEARN 2",
  ]);
  expect(run.criteria[1]?.judgements.map(({ passed, evidence }) => [passed, evidence])).toEqual([
    [false, "1 check failed\nexit code 1"],
    [true, "(no output)"],
  ]);
  expect(task.result).toMatch(/^Done: write three\.txt/);
});

test("a person forces a direct answer", async () => {
  const task = await team.whenEnded(await send("use the algorithm to write four.txt with quattro", "direct"));
  expect(inWorkspace("four.txt")).toBe("quattro");
  const { run, children } = await (await team.app()).tasks.show({ id: task.id });
  expect({ run, children: children.map(({ agent, phase }) => ({ agent, phase })) }).toEqual({
    run: null,
    children: [{ agent: "code", phase: null }],
  });
});

test("shows no long instructions in the windows of agents", () => {
  expect(team.screen("supervisor")).toMatch(/▸ PLAN, round 1 of run task_\w+\. {2}\(from/);
  expect(team.screen("supervisor")).not.toContain("material to judge");
});
