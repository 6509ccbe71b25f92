import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type AnthropicTeam, createAnthropicTeam } from "../../support/anthropic-team.ts";
import { answer, refuse, type Reply, say } from "../../support/messages-api.ts";
import { query } from "../../support/postgres.ts";

/** 60 cents of output. */
const DEAR = { output_tokens: 60_000 };

let team: AnthropicTeam;
let script: Reply[] = [];

beforeAll(async () => {
  team = await createAnthropicTeam(() => script.shift() ?? say("There is nothing left in the script"));
  await team.startConsole("code");
});
afterAll(async () => await team.remove());
beforeEach(async () => {
  script = [];
  await query(team.daemon.config.postgres, "delete from budgets");
  await query(team.daemon.config.postgres, "delete from model_uses");
});

const write = (file: string): Reply =>
  answer(
    [{ type: "tool_use", id: `call-${file}`, name: "run_command", input: { command: `echo once >> ${file}` } }],
    DEAR,
  );

const setBudget = async (name: "code" | "task", usd: number | null) =>
  await team.app(async (client) => await client.spend.budgets.set({ name, usd }));

const requestsSince = (before: number) => team.api.requests.slice(before);

it("stops a turn when the budget is spent, keeps it through kills, and goes on when the budget is raised", async () => {
  script = [write("budget.txt"), say("It is written.")];
  const before = team.api.requests.length;
  await setBudget("code", 0.5);
  const id = await team.send("write it", "code");
  const resting = await team.whenTask(id, ({ rest }) => rest !== undefined);
  expect(resting).toMatchObject({
    state: "waiting",
    rest: { reason: { code: "model.budget_spent", message: expect.stringContaining("$0.50, is spent: $0.60") } },
  });
  const midnight = new Date();
  midnight.setHours(24, 0, 0, 0);
  expect(resting.rest?.until).toBe(midnight.toISOString());
  expect(team.screen("code")).toContain("Resting: The budget of code");
  await team.restartDaemon();
  await team.killConsole("code");
  await team.startConsole("code");
  expect(await team.task(id)).toEqual(resting);
  expect(requestsSince(before)).toHaveLength(1);
  await setBudget("code", 5);
  expect(await team.whenTask(id, ({ endedAt }) => endedAt !== null)).toMatchObject({
    state: "done",
    result: "It is written.",
  });
  expect(readFileSync(path.join(team.daemon.config.workspace, "budget.txt"), "utf8")).toBe("once\n");
  expect(requestsSince(before)).toHaveLength(2);
  expect(JSON.stringify(requestsSince(before)[1]?.body.messages)).toContain('"tool_use_id":"call-budget.txt"');
});

it("goes on by itself at the time the provider's limit is over", async () => {
  const limit = "You have reached your specified API usage limits. You will regain access on 2030-01-01 at 00:00 UTC.";
  script = [refuse(400, limit), say("Back again.")];
  const id = await team.send("say something", "code");
  const resting = await team.whenTask(id, ({ rest }) => rest !== undefined);
  expect(resting.rest).toMatchObject({
    reason: { code: "model.usage_limited", message: expect.stringContaining(limit) },
    until: "2030-01-01T00:00:00.000Z",
  });
  await query(
    team.daemon.config.postgres,
    `update tasks set rest_until = now() + interval '1 second' where id = '${id}'`,
  );
  await team.restartDaemon();
  expect(await team.whenTask(id, ({ endedAt }) => endedAt !== null)).toMatchObject({ result: "Back again." });
});

it("tries again at once when a person says so", async () => {
  script = [refuse(429, "Come back tomorrow", { "retry-after": "86400" }), say("That was quick.")];
  const id = await team.send("say something", "code");
  await team.whenTask(id, ({ rest }) => rest !== undefined);
  expect(await team.app(async (client) => await client.spend.retry())).toEqual({ tasks: 1 });
  expect(await team.whenTask(id, ({ endedAt }) => endedAt !== null)).toMatchObject({ result: "That was quick." });
});

it("works on other tasks while one rests for a budget of its own, and ends the resting one when it is cancelled", async () => {
  script = [write("dear.txt"), say("The other one is done.")];
  await setBudget("task", 0.5);
  const dear = await team.send("write it", "code");
  await team.whenTask(dear, ({ rest }) => rest?.until === null);
  const other = await team.send("say something", "code");
  expect(await team.whenTask(other, ({ endedAt }) => endedAt !== null)).toMatchObject({ state: "done" });
  const cancelled = await team.app(async (client) => await client.tasks.cancel({ id: dear }));
  expect(cancelled).toMatchObject({ state: "cancelled" });
  expect(cancelled.rest).toBeUndefined();
});

it("refuses a request for a turn of another agent, and one that names no turn", async () => {
  const ask = async (headers: Record<string, string>): Promise<number | undefined> =>
    await new Promise((resolve, reject) => {
      const socketPath = path.join(team.daemon.config.runDir, "agents/data/daemon.sock");
      const sent = request({ socketPath, path: "/v1/messages", method: "POST", headers }, (got) => {
        got.resume();
        resolve(got.statusCode);
      });
      sent.on("error", reject);
      sent.end(JSON.stringify({ model: "claude-sonnet-5-5", max_tokens: 1, messages: [] }));
    });
  script = [say("Done.")];
  const id = await team.send("say something", "code");
  await team.whenTask(id, ({ endedAt }) => endedAt !== null);
  const before = team.api.requests.length;
  expect([await ask({}), await ask({ "x-ai-infra-turn": `${id}.1` })]).toEqual([400, 404]);
  expect(requestsSince(before)).toEqual([]);
});
