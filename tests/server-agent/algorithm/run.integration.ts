import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AlgorithmRun, Phase } from "../../../contract/algorithm.ts";
import type { Approval } from "../../../contract/approvals.ts";
import { until } from "../../support/start-program.ts";
import { createScriptedTeam, runCommand, type ScriptedTeam, verdict } from "./scripted-team.ts";

let team: ScriptedTeam;
beforeAll(async () => {
  team = await createScriptedTeam();
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(team.daemon.output());
});
afterAll(async () => await team?.remove());

const PHASES = ["OBSERVE", "THINK", "PLAN", "BUILD", "EXECUTE", "VERIFY", "LEARN"];
const ended = ({ task }: { task: { endedAt: string | null } }): boolean => task.endedAt !== null;
const whenEnded = async (id: string): Promise<AlgorithmRun> => await team.when(id, "has ended", ended);
const walked = ({ trace }: AlgorithmRun): string[] => trace.map(({ phase, iteration }) => `${phase} ${iteration}`);
const criteriaOf = ({ criteria }: AlgorithmRun): string[] => criteria.map(({ id, state }) => `${id} ${state}`);
const inMemory = (...names: string[]): string => path.join(team.daemon.config.workspace, "MEMORY", ...names);
/** What stands in the archive, once it holds these words. */
const recordWith = (id: string, words: string): string | null => {
  const file = inMemory("Work", "archive", id, "RUN.md");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text.includes(words) ? text : null;
};
const whenAsked = async (): Promise<Approval> =>
  await until("a person is asked", async () => (await team.app().approvals.list({ state: "open" })).at(0) ?? null);
const reply = async ({ id }: Approval, allow: boolean): Promise<void> => {
  await team.app().approvals.answer({ id, allow });
};

test("walks through the phases once when all goes well, and the person is told", async () => {
  team.play({});
  const id = await team.send("write it");
  const run = await whenEnded(id);
  expect(walked(run)).toEqual(PHASES.map((phase) => `${phase} 1`));
  expect(team.turns).toEqual(["OBSERVE", "THINK", "PLAN", "BUILD", "code: write it", "VERIFY", "LEARN"]);
  expect({ state: run.state, criteria: criteriaOf(run) }).toEqual({ state: "passed", criteria: ["ISC-1 passed"] });
  const { messages } = await team.app().chat.history({ conversationId: "algorithm" });
  expect(messages.at(-1)).toMatchObject({ role: "agent", agent: "supervisor", taskId: id, simulated: true });
  expect(messages.at(-1)?.text).toContain("It is written.\n\n**Verified by QA**: 1 of 1 criterion passed");
});

test("lets each phase be done by whom it belongs to, with what the phases before it gave", async () => {
  team.play({});
  const { children } = await (async () => {
    const id = await team.send("write it again");
    await whenEnded(id);
    return await team.show(id);
  })();
  expect(children.map(({ agent, phase }) => `${phase} ${agent}`)).toEqual([
    "OBSERVE supervisor",
    "THINK supervisor",
    "PLAN supervisor",
    "BUILD supervisor",
    "EXECUTE code",
    "VERIFY qa",
    "LEARN supervisor",
  ]);
  const verify = children.find(({ phase }) => phase === "VERIFY")?.request;
  expect(verify).toContain("<request>\nwrite it again\n</request>");
  expect(verify).toContain('"approach": "plainly"');
  expect(verify).toContain('"text": "code did it"');
});

test("does steps that need nothing of each other at the same time, and the others after them", async () => {
  const both = Promise.withResolvers<void>();
  let started = 0;
  const meet = async () => {
    started += 1;
    if (started === 2) both.resolve();
    await both.promise;
    return "met";
  };
  const step = (id: string, agent: "code" | "data", dependsOn: string[]) => ({ id, agent, request: id, dependsOn });
  team.play({
    PLAN: () => ({ steps: [step("a", "code", []), step("b", "data", []), step("c", "code", ["a", "b"])] }),
    data: meet,
    code: async (turn) => (turn.request.startsWith("c") ? turn.request : await meet()),
  });
  const run = await whenEnded(await team.send("in parallel"));
  expect(run.state).toBe("passed");
  expect(team.turns.filter((turn) => turn.includes(":")).slice(-1)).toEqual(["code: c"]);
  const { children } = await team.show(run.taskId);
  expect(children.find(({ request }) => request.startsWith("c\n"))?.result).toContain('"result": "met"');
});

test("skips what depends on a step that failed, and lets VERIFY judge", async () => {
  const step = (id: string, dependsOn: string[]) => ({ id, agent: "code", request: id, dependsOn });
  team.play({
    PLAN: () => ({ steps: [step("a", []), step("b", ["a"])] }),
    code: async () => await Promise.reject(new Error("never ends")),
    VERIFY: (turn) => ({ ...verdict(turn, true), why: turn.request }),
  });
  const id = await team.send("half");
  const task = await until("a runs", async () => {
    const { children } = await team.show(id);
    return children.find(({ agent, state }) => agent === "code" && state === "running") ?? null;
  });
  await team.app().tasks.cancel({ id: task.id });
  const run = await whenEnded(id);
  expect(run.trace.find(({ phase }) => phase === "EXECUTE")?.summary).toBe("0 of 2 steps done");
  const { children } = await team.show(id);
  const told = children.find(({ phase }) => phase === "VERIFY")?.request;
  expect(told).toContain('"state": "cancelled"');
  expect(told).toContain('"state": "skipped"');
});

test("goes back to the phase that VERIFY names, with the reason, and comes through", async () => {
  let verified = 0;
  team.play({
    VERIFY: (turn) => (++verified === 1 ? verdict(turn, false, "PLAN") : verdict(turn, true)),
  });
  const run = await whenEnded(await team.send("go back"));
  expect(walked(run)).toEqual([
    "OBSERVE 1",
    "THINK 1",
    "PLAN 1",
    "BUILD 1",
    "EXECUTE 1",
    "VERIFY 1",
    "PLAN 2",
    "BUILD 2",
    "EXECUTE 2",
    "VERIFY 2",
    "LEARN 2",
  ]);
  expect(run.trace[5]).toMatchObject({ sentBackTo: "PLAN", why: "it is missing", state: "done" });
  expect(run.criteria.map(({ id, judgements }) => [id, judgements.map(({ passed }) => passed)])).toEqual([
    ["ISC-1", [false, true]],
    ["ISC-2", [true]],
  ]);
  const { children } = await team.show(run.taskId);
  const plans = children
    .filter(({ phase }) => phase === "PLAN")
    .map(({ request }) => request.includes("it is missing"));
  expect(plans).toEqual([false, true]);
});

test("judges a criterion by the run of its check, not by what qa says", async () => {
  const check = "grep -q it it.txt";
  let verified = 0;
  team.play({
    BUILD: (turn) => {
      const isFirst = turn.request.startsWith("BUILD, round 1");
      return { criteria: isFirst ? [{ text: "it is in it.txt", check, anti: false }] : [], dropped: [] };
    },
    VERIFY: async (turn, api) => {
      verified += 1;
      if (verified === 2) await runCommand(turn, api, { command: check, passed: false });
      if (verified === 3) await runCommand(turn, api, { command: check, passed: true });
      return verdict(turn, true);
    },
  });
  const run = await whenEnded(await team.send("check it"));
  expect(run.trace.filter(({ phase }) => phase === "VERIFY").map(({ summary }) => summary)).toEqual([
    "0 of 1 criterion passed, 1 was not judged",
    "0 of 1 criterion passed",
    "1 of 1 criterion passed",
  ]);
  expect(run.criteria[0]?.judgements.map(({ passed, evidence }) => ({ passed, evidence }))).toEqual([
    { passed: false, evidence: "exit code 1" },
    { passed: true, evidence: "1 line\nfine" },
  ]);
  expect(run.criteria[0]?.judgements[1]?.outputSha256).toMatch(/^[0-9a-f]{64}$/);
});

test("asks a person after three failed rounds, does one more when told so, and keeps an accepted result as it is", async () => {
  team.play({ VERIFY: (turn) => verdict(turn, false, "LEARN") });
  const id = await team.send("stubborn");
  const first = await whenAsked();
  expect(first).toMatchObject({ taskId: id, agent: "supervisor", action: "Try round 4, from EXECUTE on", tool: null });
  expect((await team.show(id)).run.state).toBe("asking");
  await team.restart();
  await reply(first, true);
  const second = await until("a person is asked again", async () => {
    const asked = (await team.app().approvals.list({ state: "open" })).at(0);
    return asked && asked.id !== first.id ? asked : null;
  });
  expect(second.action).toBe("Try round 5, from EXECUTE on");
  await reply(second, false);
  const third = await until("a person may accept", async () => {
    const asked = (await team.app().approvals.list({ state: "open" })).at(0);
    return asked?.action.startsWith("Accept") ? asked : null;
  });
  expect(third.action).toBe("Accept the result as it is, with 0 of 1 criterion passed");
  await reply(third, true);
  const run = await whenEnded(id);
  expect({ state: run.state, criteria: criteriaOf(run) }).toEqual({ state: "accepted", criteria: ["ISC-1 failed"] });
  expect((await team.show(id)).task).toMatchObject({ state: "done" });
  expect((await team.show(id)).task.result).toContain("**Accepted by a person**: 0 of 1 criterion passed");
  expect(run.trace.filter(({ phase }) => phase === "VERIFY")).toHaveLength(4);
});

test("fails when the person wants neither another round nor the result", async () => {
  team.play({ VERIFY: (turn) => verdict(turn, false) });
  const id = await team.send("hopeless");
  const again = await whenAsked();
  await reply(again, false);
  const accept = await until("a person may accept", async () => {
    const asked = (await team.app().approvals.list({ state: "open" })).at(0);
    return asked && asked.id !== again.id ? asked : null;
  });
  await reply(accept, false);
  const run = await whenEnded(id);
  expect({ state: run.state, criteria: criteriaOf(run) }).toEqual({ state: "failed", criteria: ["ISC-1 failed"] });
  expect((await team.show(id)).task.error?.message).toBe(
    "The work was not accepted after 3 rounds: 0 of 1 criterion passed",
  );
});

test("cancels everything below a run in EXECUTE, and keeps its criteria open", async () => {
  const stopped = Promise.withResolvers<void>();
  team.play({
    code: async (_turn, _api, interrupted) => {
      await new Promise((resolve) => {
        interrupted.addEventListener("abort", resolve);
      });
      stopped.resolve();
    },
  });
  const id = await team.send("stop me");
  await until("code works", () => team.turns.includes("code: write it"));
  await team.app().tasks.cancel({ id });
  await stopped.promise;
  const { task, children, run } = await team.show(id);
  expect([task.state, ...new Set(children.map(({ phase, state }) => `${phase} ${state}`))]).toEqual([
    "cancelled",
    "OBSERVE done",
    "THINK done",
    "PLAN done",
    "BUILD done",
    "EXECUTE cancelled",
  ]);
  expect({ state: run.state, criteria: criteriaOf(run), last: run.trace.at(-1)?.state }).toEqual({
    state: "cancelled",
    criteria: ["ISC-1 open"],
    last: "cancelled",
  });
  const record = await until("the record is put away", () => recordWith(id, 'state: "cancelled"'));
  expect(record).toMatch(/0 of 1 criterion passed, 1 was not judged[\s\S]*- \[ \] ISC-1: it is written — open/);
  expect(team.turns).not.toContain("VERIFY");
});

test("fails with the phase that failed, and its criteria stay open", async () => {
  team.play({ THINK: () => ({ approach: "" }) });
  const id = await team.send("thoughtless");
  const run = await whenEnded(id);
  expect(walked(run)).toEqual(["OBSERVE 1", "THINK 1"]);
  expect((await team.show(id)).task.error?.message).toBe(
    "The run failed in THINK: The THINK phase ended without its output",
  );
});

test("fails when BUILD names nothing to verify", async () => {
  team.play({ BUILD: () => ({ criteria: [], dropped: [] }) });
  const id = await team.send("aimless");
  await whenEnded(id);
  expect((await team.show(id)).task.error?.message).toBe(
    "The run failed in BUILD: BUILD left no criterion to verify the work by",
  );
});

test("writes learnings, signals and the record of the run to the memory, each once", async () => {
  team.play({});
  const id = await team.send("remember");
  await whenEnded(id);
  await until("the record is put away", () => recordWith(id, 'state: "passed"'));
  expect(existsSync(inMemory("Work", "active", id))).toBe(false);
  const learned = readdirSync(inMemory("Learning", "PLAN")).filter((name) => name.includes(id));
  expect(learned).toHaveLength(1);
  expect(readFileSync(inMemory("Learning", "PLAN", learned[0] ?? ""), "utf8")).toMatch(
    new RegExp(`^---\\nid: "${id}-1"\\ntype: "learning"\\nphase: "PLAN"\\n[\\s\\S]*\\none step was enough\\n`),
  );
  const signals = readFileSync(inMemory("Signals", "verification.jsonl"), "utf8").trim().split("\n");
  const own = signals.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ task }) => task === id);
  expect(own).toMatchObject([{ id: `${id}-1-ISC-1`, kind: "judgement", criterion: "ISC-1", passed: true }]);
  expect(recordWith(id, "passed")).toContain("- [x] ISC-1: it is written — passed");
});

test("puts phases and judgements on the audit trail", async () => {
  team.play({});
  const id = await team.send("audited");
  await whenEnded(id);
  const { records } = await team.app().audit.list({ taskId: id });
  const kinds = records.toReversed().map(({ kind, detail }) => [kind, (JSON.parse(detail) as { phase?: Phase }).phase]);
  expect(kinds.filter(([kind]) => kind === "phase_ended").map(([, phase]) => phase)).toEqual(PHASES);
  expect(kinds.filter(([kind]) => kind === "phase_started")).toHaveLength(7);
  expect(records.filter(({ kind }) => kind === "criterion_judged")).toHaveLength(1);
});

test("refuses a run that a specialist would lead", async () => {
  const message = { id: "run-by-code", text: "do it", agent: "code", mode: "algorithm" } as const;
  await expect(team.app().chat.send(message)).rejects.toMatchObject({ data: { code: "app.bad_input" } });
});
