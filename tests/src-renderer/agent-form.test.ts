import { expect, it } from "vitest";
import { defineTeam } from "../../server-agent/agent-settings/definitions.ts";
import { NO_OVERRIDES } from "../../server-agent/agent-settings/last-good.ts";
import { isChanged, readForm, toForm } from "../../src-renderer/pages/agents/form.ts";

const { code } = defineTeam(NO_OVERRIDES);
const form = toForm(code);

it("a form as it was read changes nothing", () => {
  expect(readForm(form, code)).toEqual({ change: {}, errors: {} });
  expect(isChanged(readForm({ ...form, tools: form.tools.toReversed(), prompt: `${form.prompt}\n` }, code))).toBe(
    false,
  );
});

it("only what differs is sent, numbers as numbers", () => {
  const typed = {
    ...form,
    budgetUsdPerDay: " 2.50 ",
    effort: "max" as const,
    driver: "claude-code" as const,
    tools: ["grep" as const],
  };
  expect(readForm(typed, code)).toEqual({
    change: { tools: ["grep"], effort: "max", driver: "claude-code", budgetUsdPerDay: 2.5 },
    errors: {},
  });
});

it("an empty budget is none", () => {
  const limited = { ...code, settings: { ...code.settings, budgetUsdPerDay: 5 } };
  expect(readForm({ ...form, budgetUsdPerDay: " " }, limited)).toEqual({
    change: { budgetUsdPerDay: null },
    errors: {},
  });
});

it.each([
  ["model", "GPT 4"],
  ["budgetUsdPerDay", "-1"],
  ["budgetUsdPerDay", "1e9"],
  ["maxTokens", "1000.5"],
  ["concurrency", "9"],
  ["prompt", " \n"],
  ["prompt", "x".repeat(100_001)],
] as const)("%s is not %j", (key, text) => {
  const { change, errors } = readForm({ ...form, [key]: text }, code);
  expect(change).toEqual({});
  expect(Object.keys(errors)).toEqual([key]);
});
