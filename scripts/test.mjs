// `npm test`: sets up, then runs everything: check, integration and end-to-end tests. `npm test -- unit|integration|e2e` runs a part.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { bin, fail, installPackages, installPrograms, node24, root, testNeeds } from "./setup.mjs";

/** @type {Record<string, () => Counts>} @typedef {{ passed: number, failed: number, skipped: number }} Counts */
const parts = {
  unit: () => vitest("unit"),
  integration: () => vitest("integration"),
  e2e: playwright,
};
const results = path.join(root, "test-results");
const chosen = process.argv.slice(2).filter((name) => !name.startsWith("-"));
for (const name of chosen)
  if (!(name in parts)) fail(`Unknown part: ${name}`, `Parts are ${Object.keys(parts).join(", ")}.`);

installPackages();
installPrograms(testNeeds);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
if (chosen.length === 0) requireSuccess("check", [node24, path.join(root, "scripts", "check.mjs"), "--no-unit"]);
buildIfNeeded();

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of chosen.length > 0 ? chosen : Object.keys(parts)) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const count = parts[name]?.() ?? { passed: 0, failed: 0, skipped: 0 };
  console.log(
    `${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped in ${Math.round((Date.now() - started) / 1000)} s`,
  );
  for (const key of /** @type {const} */ (["passed", "failed", "skipped"])) counts[key] += count[key];
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

/** @param {string} project @returns {Counts} */
function vitest(project) {
  const file = path.join(results, `${project}.json`);
  const status = run([
    path.join(bin, "vitest"),
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests || (status === 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** @returns {Counts} */
function playwright() {
  const file = path.join(results, "e2e.json");
  const status = run([path.join(bin, "playwright"), "test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const stats = readReport(file)?.stats;
  if (!stats) return { passed: 0, failed: 1, skipped: 0 };
  const failed = stats.unexpected || (status === 0 ? 0 : 1);
  return { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped };
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} name @param {string[]} argv */
function requireSuccess(name, argv) {
  if (run(argv) !== 0) fail(`${name} failed`, "See above.");
}

/** @param {string[]} argv @param {Record<string, string>} [environment] */
function run([program = "", ...parameters], environment = {}) {
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}`, ...environment };
  return spawnSync(program, parameters, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env }).status;
}
