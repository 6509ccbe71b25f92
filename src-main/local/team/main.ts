import { readFileSync } from "node:fs";
import type { TeamSpec } from "./spec.ts";
import { Team } from "./team.ts";

/**
 * The supervisor of the team on this computer, a program of its own: `local-team run SPEC` keeps PostgreSQL, Redis, the
 * daemon and the tmux server running until SIGTERM, and reads its settings again on SIGHUP; `local-team stop SPEC`
 * ends what a killed supervisor left. The caller holds the lock that makes it the only one.
 */
function run(specFile: string): void {
  const team = new Team(readSpec(specFile));
  let isStopping = false;
  const fail = async (error: unknown) => {
    if (isStopping) return;
    isStopping = true;
    await team.stop().catch(logError);
    const { message, cause } = error as Error;
    team.report({ state: "failed", message, details: String(cause ?? "") });
    process.exit(1);
  };
  let work = team.start().catch(fail);
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void work.then(() => team.stop()).finally(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("SIGHUP", () => {
    if (!isStopping) work = work.then(() => team.changeSettings(readSpec(specFile))).catch(fail);
  });
}

function readSpec(file: string): TeamSpec {
  return JSON.parse(readFileSync(file, "utf8")) as TeamSpec;
}

function logError(error: unknown): void {
  console.log(error);
}

const [role, specFile = ""] = process.argv.slice(2);
if (role === "stop") await new Team(readSpec(specFile)).stop();
else run(specFile);
