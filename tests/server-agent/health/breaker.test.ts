import { expect, test } from "vitest";
import { type Death, holdReason } from "../../../server-agent/health/breaker.ts";

const NOW = new Date("2026-11-05T12:00:00Z");
const death = (secondsAgo: number, ...taskIds: string[]): Death => ({
  at: new Date(NOW.getTime() - secondsAgo * 1000),
  how: "signal 9",
  taskIds,
});

test.each([
  ["nothing happened", [], null],
  ["four deaths are near", [1, 2, 3, 4].map((ago) => death(ago)), null],
  [
    "five deaths are near",
    [1, 2, 3, 4, 299].map((ago) => death(ago)),
    "Its console ended 5 times within five minutes, last with signal 9.",
  ],
  ["the fifth is long ago", [1, 2, 3, 4, 301].map((ago) => death(ago)), null],
  ["two deaths were with one task", [death(600, "t1"), death(1200, "t1"), death(1300, "t2")], null],
  [
    "three deaths were with one task",
    [death(600, "t1"), death(1200, "t2", "t1"), death(3000, "t1")],
    "Its console ended 3 times while it worked on the task t1, last with signal 9.",
  ],
])("when %s", (_what, deaths, reason) => {
  expect(holdReason(deaths, NOW)).toBe(reason);
});
