import { expect, it } from "vitest";
import { exchangeOf } from "../../src-renderer/pages/tasks/exchange.ts";
import { EXCHANGE } from "../support/fake-host-messages.ts";

it("draws an arrow for each message between those who take part, in the order of time", () => {
  const { columns, arrows } = exchangeOf(EXCHANGE.toReversed());
  expect(columns).toEqual(["person", "supervisor", "code", "data", "infra"]);
  expect(arrows.map(({ from, to, text, taken }) => [from, to, text, taken])).toEqual([
    [1, 2, "Add GET /healthz with a test", true],
    [1, 4, "Add the domain status.example.com", true],
    [2, 3, "Which query is cheap enough for a health check?", true],
    [3, 2, "select 1 is enough", true],
    [4, null, "Port 80 belongs to nginx now", false],
    [0, 2, "Answer 503 when the database is away", true],
  ]);
});
