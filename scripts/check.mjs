// Format, types, lint, import rules and unit tests: what every commit must pass.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { bin, root } from "./setup.mjs";

const runtimes = ["contract", "pai", "provisioning", "server-agent", "src-main", "src-renderer", "tests", "scripts"];

/** @type {[string, string[]][]} */
const steps = [
  ["oxfmt", ["--check", "."]],
  ...runtimes.map((name) => /** @type {[string, string[]]} */ (["tsc", ["-p", name]])),
  // The preload runs in a page, unlike the rest of its folder.
  ["tsc", ["-p", "src-main/tsconfig.preload.json"]],
  ["oxlint", ["--type-aware", "--deny-warnings"]],
  ["depcruise", ["--config", ".dependency-cruiser.mjs", ...runtimes.filter((name) => name !== "scripts")]],
  // `npm test` runs the unit tests as a part of their own, with counts.
  ...(process.argv.includes("--no-unit")
    ? []
    : [/** @type {[string, string[]]} */ (["vitest", ["run", "--project", "unit"]])]),
];

for (const [program, parameters] of steps) {
  const started = Date.now();
  const run = spawnSync(path.join(bin, program), parameters, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}` },
  });
  const line = `${[program, ...parameters].join(" ")} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
  if (run.status !== 0) {
    process.stdout.write(`${run.stdout}${run.stderr}`);
    console.error(`check failed: ${line}`);
    process.exit(1);
  }
  console.log(`ok ${line}`);
}
