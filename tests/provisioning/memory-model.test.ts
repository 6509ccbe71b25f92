import { expect, test } from "vitest";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { daemonConfig } from "../../provisioning/files/daemon-config.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { releaseId } from "../../provisioning/release.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const FOLDER = "/opt/ai-infrastructure/memory-model";
const { sha256 } = wanted.release.node;
const whole = Object.fromEntries(MEMORY_MODEL_FILES.map((name) => [name, sha256]));

function planWith(memoryModel: Facts["memoryModel"]): readonly string[] | undefined {
  const { steps } = makePlan("s", { ...freshDebian, memoryModel }, wanted);
  return steps.find(({ id }) => id === "memory-model")?.changes;
}

test("a fresh server gets all of the model, its program last", () => {
  const lines = planWith({});
  expect(lines).toHaveLength(MEMORY_MODEL_FILES.length);
  expect(lines?.at(0)).toBe(`Upload engine.cjs (1 kB) to ${FOLDER}/engine.cjs`);
  expect(lines?.at(-1)).toBe(`Upload embed.mjs (1 kB) to ${FOLDER}/embed.mjs`);
});

test("what is there is not brought again, only what is missing or another", () => {
  expect(planWith(whole)).toEqual([]);
  expect(planWith({ ...whole, "config.json": "b".repeat(64) })).toEqual([
    `Upload config.json (1 kB) to ${FOLDER}/config.json`,
  ]);
});

test("another model makes no other release, and the daemon is told where it is in any case", () => {
  const release = { ...wanted.release, memoryModel: [] };
  expect(releaseId(release)).toBe(releaseId(wanted.release));
  expect(JSON.parse(daemonConfig(freshDebian, wanted).text)).toMatchObject({ memoryModel: FOLDER });
});
