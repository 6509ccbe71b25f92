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
    await stopAfterFailure(team);
    const { message, cause } = error as Error;
    team.report({ state: "failed", message, details: typeof cause === "string" ? cause : "" });
    process.exit(1);
  };
  let work = team.start().catch(fail);
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    team.giveUp();
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

/** Cleaning up must not hide the failure. */
async function stopAfterFailure(team: Team): Promise<void> {
  try {
    await team.stop();
  } catch (error) {
    console.log(error);
  }
}

const [role, specFile = ""] = process.argv.slice(2);
if (role === "stop") await new Team(readSpec(specFile)).stop();
else run(specFile);
