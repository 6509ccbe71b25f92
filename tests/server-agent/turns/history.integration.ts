import { afterAll, beforeAll, expect, it } from "vitest";
import { endTask, insertTask } from "../../../server-agent/store/task-changes.ts";
import { openTurn } from "../../../server-agent/turns/open-turn.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

let database: TestStore;
beforeAll(async () => {
  database = await createStore();
  await database.store.change(async (tx) => await tx.insertInto("conversations").values({ id: "main" }).execute());
});
afterAll(async () => await database.remove());

/** Gives a task, answers it, and tells which exchanges its turn began with. */
async function answerTask(number: number): Promise<string[]> {
  const id = `task-${number}`;
  return await database.store.change(async (tx, emit) => {
    const draft = { conversationId: "main", agent: "code", origin: "person", request: `request ${number}` } as const;
    await insertTask(tx, emit, { id, ...draft });
    const task = await tx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const { history } = await openTurn(tx, emit, task);
    await endTask(tx, emit, { id, state: "done", result: `answer ${number}`, error: null, simulated: true });
    return history.map(({ content }) => String(content));
  });
}

it("begins in the same words for twenty turns, then leaves twenty old exchanges out at once", async () => {
  const histories: string[][] = [];
  for (let number = 0; number < 65; number += 1) histories.push(await answerTask(number));
  expect(histories.map((history) => history.length / 2).filter((pairs, index) => index >= 20 && pairs < 20)).toEqual(
    [],
  );
  expect(Math.max(...histories.map((history) => history.length / 2))).toBe(39);
  const breaks = histories.flatMap((history, index) => {
    const before = histories[index - 1] ?? [];
    return before.every((words, place) => history[place] === words) ? [] : index;
  });
  expect(breaks).toEqual([40, 60]);
  expect(histories[64]?.slice(0, 2)).toEqual(["request 40", "answer 40"]);
});
