// Runs of the test runners, each told as a list of tests. Plain Node 20, no packages.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { bin, root } from "./setup.mjs";

/**
 * A test as it ended. `file` is relative to the repository, and empty for what failed outside of any test.
 * @typedef {{ file: string, name: string, state: "passed" | "failed" | "skipped", message: string }} Test
 * @typedef {(files: readonly string[]) => Test[]} Runner runs all tests, or those of some files, one file after the other
 */

/** More files than this do not fail by chance. */
const MOST_FILES_ASKED_AGAIN = 5;
/** The name of what fails around the tests of a file: its imports, what it prepares. */
const WHOLE_FILE = "(the file)";

/**
 * What fails among others is asked once more with the machine to itself, file by file. Where all of a file passes then,
 * that answer holds, and what had failed is `unsteady`, with what it said the first time.
 * @param {Runner} runner
 * @returns {{ tests: Test[], unsteady: Test[] }}
 */
export function runTwiceWhatFails(runner) {
  const first = runner([]);
  const failed = first.filter(({ state }) => state === "failed");
  const files = [...new Set(failed.map(({ file }) => file))];
  if (files.length === 0 || files.length > MOST_FILES_ASKED_AGAIN || files.includes(""))
    return { tests: first, unsteady: [] };
  console.log(`\nOnce more, one after the other: ${files.join(", ")}`);
  const again = runner(files);
  const unsteady = failed.filter(({ file }) => passesNow(file, failed, again));
  const mended = new Set(unsteady.map(({ file }) => file));
  const kept = first.filter(({ file }) => !mended.has(file));
  return { tests: [...kept, ...again.filter(({ file }) => mended.has(file))], unsteady };
}

/** @param {string} file @param {Test[]} failed @param {Test[]} again */
function passesNow(file, failed, again) {
  const passed = new Set(again.filter((test) => test.file === file && test.state === "passed").map(({ name }) => name));
  const asked = failed.filter((test) => test.file === file && test.name !== WHOLE_FILE);
  const failing = again.some((test) => test.state === "failed" && (test.file === file || test.file === ""));
  return passed.size > 0 && !failing && asked.every(({ name }) => passed.has(name));
}

/** @param {string} project @param {string} reportFile @returns {Runner} */
export function vitest(project, reportFile) {
  return (files) => {
    rmSync(reportFile, { force: true });
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
    const alone = files.length > 0 ? ["--no-file-parallelism", ...files] : [];
    const status = run([path.join(bin, "vitest"), "run", "--project", project, ...reporters, ...alone]);
    return withFailureOfRun(vitestTests(readReport(reportFile)), `vitest of ${project}`, status);
  };
}

/** @param {string} reportFile @returns {Runner} */
export function playwright(reportFile) {
  return (files) => {
    rmSync(reportFile, { force: true });
    const alone = files.length > 0 ? ["--workers=1", ...files] : [];
    const status = run([path.join(bin, "playwright"), "test", "--reporter=list,json", ...alone], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile,
    });
    return withFailureOfRun(playwrightTests(readReport(reportFile)), "playwright", status);
  };
}

/**
 * A run that failed without a failed test has failed all the same: a crash, an error between tests.
 * @param {Test[]} tests @param {string} name @param {number | null} status
 */
function withFailureOfRun(tests, name, status) {
  if (status === 0 || tests.some(({ state }) => state === "failed")) return tests;
  /** @type {Test} */
  const failure = { file: "", name, state: "failed", message: `ended with ${status}; its messages stand above` };
  return [...tests, failure];
}

/** @param {any} report Vitest's JSON report @returns {Test[]} */
function vitestTests(report) {
  return (report?.testResults ?? []).flatMap((/** @type {any} */ result) => {
    const file = path.relative(root, result.name);
    /** @type {Test[]} */
    const tests = result.assertionResults.map((/** @type {any} */ each) => ({
      file,
      name: each.fullName,
      state: each.status === "passed" || each.status === "failed" ? each.status : "skipped",
      message: each.failureMessages?.join("\n") ?? "",
    }));
    const silent = result.status === "failed" && !tests.some(({ state }) => state === "failed");
    return silent ? [...tests, { file, name: WHOLE_FILE, state: "failed", message: result.message ?? "" }] : tests;
  });
}

/** @param {any} report Playwright's JSON report, or one of its suites @param {string} [parents] @returns {Test[]} */
function playwrightTests(report, parents = "") {
  return (report?.suites ?? []).flatMap((/** @type {any} */ suite) => {
    const prefix = suite.title === suite.file ? parents : `${parents}${suite.title} › `;
    const tests = (suite.specs ?? []).map((/** @type {any} */ spec) => playwrightTest(spec, prefix));
    return [...tests, ...playwrightTests(suite, prefix)];
  });
}

/** @param {any} spec @param {string} prefix @returns {Test} */
function playwrightTest(spec, prefix) {
  const errors = spec.tests.flatMap((/** @type {any} */ each) =>
    each.results.flatMap((/** @type {any} */ result) => result.errors),
  );
  const skipped = spec.tests.every((/** @type {any} */ each) => each.status === "skipped");
  const failed = spec.tests.some((/** @type {any} */ each) => each.status === "unexpected");
  return {
    file: path.join("tests", "e2e", spec.file),
    name: `${prefix}${spec.title}`,
    state: failed ? "failed" : skipped ? "skipped" : "passed",
    message: errors.map((/** @type {any} */ error) => error.message ?? "").join("\n"),
  };
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string[]} argv @param {Record<string, string>} [environment] */
export function run([program = "", ...parameters], environment = {}) {
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}`, ...environment };
  return spawnSync(program, parameters, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env }).status;
}
