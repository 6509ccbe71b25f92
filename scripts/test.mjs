// `npm test`: sets up, then runs everything: check, integration and end-to-end tests. `npm test -- unit|integration|e2e` runs a part.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { fail, installPackages, installPrograms, node24, root, testNeeds } from "./setup.mjs";
import { playwright, run, runTwiceWhatFails, vitest } from "./test-runs.mjs";

const LINES_OF_A_MESSAGE = 30;
const results = path.join(root, "test-results");
/** @type {Record<string, import("./test-runs.mjs").Runner>} */
const parts = {
  unit: vitest("unit", path.join(results, "unit.json")),
  integration: vitest("integration", path.join(results, "integration.json")),
  e2e: playwright(path.join(results, "e2e.json")),
};
const chosen = process.argv.slice(2).filter((name) => !name.startsWith("-"));
for (const name of chosen)
  if (!(name in parts)) fail(`Unknown part: ${name}`, `Parts are ${Object.keys(parts).join(", ")}.`);

installPackages();
installPrograms(testNeeds);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
if (chosen.length === 0 && run([node24, path.join(root, "scripts", "check.mjs"), "--no-unit"]) !== 0)
  fail("check failed", "See above.");
buildIfNeeded();

/** @type {import("./test-runs.mjs").Test[]} */
const tests = [];
/** @type {import("./test-runs.mjs").Test[]} */
const unsteady = [];
for (const [name, runner] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const started = Date.now();
  console.log(`\n== ${name}`);
  const part = runTwiceWhatFails(runner);
  console.log(`${name}: ${told(part.tests)} in ${Math.round((Date.now() - started) / 1000)} s`);
  tests.push(...part.tests);
  unsteady.push(...part.unsteady);
}

const failed = tests.filter(({ state }) => state === "failed");
list("Failed among others, passed when asked again alone", unsteady);
list("Failed", failed);
console.log(`\n${told(tests)}`);
process.exit(failed.length > 0 || !tests.some(({ state }) => state === "passed") ? 1 : 0);

/** @param {import("./test-runs.mjs").Test[]} some */
function told(some) {
  const count = (/** @type {string} */ wanted) => some.filter(({ state }) => state === wanted).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}

/** Names and messages last, where a long log is read first. @param {string} title @param {import("./test-runs.mjs").Test[]} some */
function list(title, some) {
  if (some.length > 0) console.log(`\n== ${title}`);
  for (const { file, name, message } of some)
    console.log(`${file} › ${name}\n${message.split("\n").slice(0, LINES_OF_A_MESSAGE).join("\n")}\n`);
}
