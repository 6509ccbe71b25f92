import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Phase } from "../../../contract/algorithm.ts";
import { until } from "../../support/start-program.ts";
import { createScriptedTeam, type Script, type ScriptedTeam, SMOOTH, verdict } from "./scripted-team.ts";

let team: ScriptedTeam;
beforeAll(async () => {
  team = await createScriptedTeam();
});
afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(team.daemon.output());
});
afterAll(async () => await team?.remove());

/** Once on the trace, in the audit trail, and as a task, whatever was killed meanwhile. */
async function expectEachOnce(id: string, phases: readonly string[]): Promise<void> {
  const { run, children } = await team.show(id);
  expect(run.trace.map(({ number, phase, state }) => `${number} ${phase} ${state}`)).toEqual(
    phases.map((phase, index) => `${index + 1} ${phase} done`),
  );
  expect(children.map(({ phase, state }) => `${phase} ${state}`).toSorted()).toEqual(
    phases.map((phase) => `${phase} done`).toSorted(),
  );
  const { records } = await team.app().audit.list({ taskId: id, limit: 500 });
  const ended = records.filter(({ kind }) => kind === "phase_ended").toReversed();
  expect(ended.map(({ detail }) => (JSON.parse(detail) as { phase: string }).phase)).toEqual(phases);
  expect(records.filter(({ kind }) => kind === "task_ended")).toHaveLength(1);
}

test("finishes every phase exactly once, though the daemon is killed with -9 in each", async () => {
  const reached = new Map(Phase.options.map((phase) => [phase, Promise.withResolvers<void>()]));
  const mayEnd = new Map(Phase.options.map((phase) => [phase, Promise.withResolvers<void>()]));
  const held = (phase: Phase, script: Script): Script => {
    return async (...call) => {
      reached.get(phase)?.resolve();
      await mayEnd.get(phase)?.promise;
      return await script(...call);
    };
  };
  const scripts = Phase.options.map((phase) => {
    const who = phase === "EXECUTE" ? "code" : phase;
    return [who, held(phase, SMOOTH[phase] ?? (() => "did it"))] as const;
  });
  team.play(Object.fromEntries(scripts));
  const id = await team.send("write it through seven kills");
  for (const phase of Phase.options) {
    await reached.get(phase)?.promise;
    await team.restart();
    mayEnd.get(phase)?.resolve();
  }
  const run = await team.when(id, "has ended", ({ task }) => task.endedAt !== null);
  expect(run.state).toBe("passed");
  expect(team.turns).toEqual(["OBSERVE", "THINK", "PLAN", "BUILD", "code: write it", "VERIFY", "LEARN"]);
  await expectEachOnce(id, Phase.options);
});

test("finishes every phase of a longer way exactly once, though the daemon is killed at any moment", async () => {
  let verified = 0;
  team.play({ VERIFY: (turn) => (++verified === 1 ? verdict(turn, false, "BUILD") : verdict(turn, true)) });
  const id = await team.send("write it through many kills");
  let hasEnded = false;
  for (let kill = 0; !hasEnded && kill < 12; kill += 1) {
    // From right after the start on, each time a little later.
    await pause(60 + 110 * kill);
    await team.restart();
    hasEnded = (await team.show(id)).task.endedAt !== null;
  }
  const run = await team.when(id, "has ended", ({ task }) => task.endedAt !== null);
  expect(run.state).toBe("passed");
  await expectEachOnce(id, [...Phase.options.slice(0, 6), "BUILD", "EXECUTE", "VERIFY", "LEARN"]);
  const messages = (await team.app().chat.history({ conversationId: "algorithm" })).messages;
  expect(messages.filter(({ id: message }) => message === `${id}.answer`)).toHaveLength(1);
});

test("goes on through kill -9 of PostgreSQL, and no phase is lost or doubled", async () => {
  const slow = async (...call: Parameters<Script>): Promise<unknown> => {
    await pause(1_000);
    return await SMOOTH.PLAN?.(...call);
  };
  team.play({ PLAN: slow });
  const id = await team.send("write it without a database");
  for (const phase of ["THINK", "PLAN", "BUILD"]) {
    await until(`${phase} begins`, () => team.turns.includes(phase), 60_000);
    await team.daemon.postgres.kill("SIGKILL");
    await team.daemon.postgres.start();
  }
  const run = await team.when(id, "has ended", ({ task }) => task.endedAt !== null);
  expect(run.state).toBe("passed");
  await expectEachOnce(id, Phase.options);
});

test("pauses with its run and goes on with it", async () => {
  const reached = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  team.play({
    THINK: async (...call) => {
      reached.resolve();
      await mayEnd.promise;
      return await SMOOTH.THINK?.(...call);
    },
  });
  const id = await team.send("write it with a break");
  await reached.promise;
  expect((await team.app().tasks.pause({ id })).state).toBe("paused");
  mayEnd.resolve();
  const next = await until("the next phase is there", async () => {
    const { children } = await team.show(id);
    return children.find(({ phase }) => phase === "PLAN") ?? null;
  });
  expect(next.state).toBe("paused");
  expect((await team.app().tasks.resume({ id })).state).toBe("waiting");
  expect((await team.when(id, "has ended", ({ task }) => task.endedAt !== null)).state).toBe("passed");
  expect(team.turns.filter((turn) => turn === "OBSERVE")).toHaveLength(1);
});
