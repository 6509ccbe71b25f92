import { statSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../contract/errors.ts";
import { type ProcessIdentity, identify, isAlive, signalProcess } from "../platform/process-identity.ts";
import { type Argv, runProgram } from "../platform/run-program.ts";
import { startDetached } from "../platform/start-detached.ts";
import type { Runtime } from "./install-runtime.ts";
import type { Places } from "./places.ts";
import { type FoundTeam, readTeam } from "./read-team.ts";
import { asTeam } from "./team-user.ts";
import { tailOf } from "./team/files.ts";
import { readSpec, specFile } from "./write-spec.ts";

const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 60_000;
const LOCK_WITHIN_MS = 10_000;
const POLL_MS = 20;
const FULL_ENVIRONMENT_IS_IN_THE_SPEC = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };

/** Starts the supervisor; without effect when another one holds the lock. */
export async function startSupervisor(places: Places, runtime: Runtime): Promise<ProcessIdentity | null> {
  const argv = supervisorArgv(places, runtime, "run");
  const options = { env: FULL_ENVIRONMENT_IS_IN_THE_SPEC, cwd: "/", logFile: logFile(places) };
  return identify(await startDetached(argv, options));
}

/** Resolves when the team runs with these settings; rejects when its supervisor gave up or was too slow. */
export async function untilRunning(places: Places, settings: string, started: ProcessIdentity | null): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline) {
    const team = readTeam(places);
    if (team?.isSupervised && team.report.state === "running" && team.report.settings === settings) return;
    const isComing = team?.isSupervised === true || (started !== null && isAlive(started));
    if (!isComing && !(await isLockHeld(places))) throw startFailed(places, readTeam(places));
    await delay(POLL_MS);
  }
  throw new AppError("local.start_failed", `The team did not start within ${START_WITHIN_MS / 1000} s`, {
    hint: `Read ${places.logs}, then try again.`,
    details: tailOf(logFile(places)),
  });
}

export function changeSettings(places: Places): void {
  const team = readTeam(places);
  if (team?.isSupervised) signalProcess(team.supervisor, "SIGHUP", teamUid(places));
}

/** Ends the team in order, also one whose supervisor was killed. */
export async function stopTeam(places: Places): Promise<void> {
  const team = readTeam(places);
  if (team?.isSupervised) {
    signalProcess(team.supervisor, "SIGTERM", teamUid(places));
    await untilGone(team.supervisor, STOP_WITHIN_MS);
    signalProcess(team.supervisor, "SIGKILL", teamUid(places));
    await untilGone(team.supervisor, STOP_WITHIN_MS);
  }
  const spec = readSpec(places);
  if (spec === null || readTeam(places)?.report.state === "stopped") return;
  const folder = path.join(places.runtime, spec.runtime);
  const runtime = { node: path.join(folder, "node"), team: path.join(folder, "local-team.mjs") };
  const result = await runProgram(supervisorArgv(places, runtime, "stop"), {
    env: FULL_ENVIRONMENT_IS_IN_THE_SPEC,
    cwd: "/",
    timeoutMs: STOP_WITHIN_MS,
  });
  if (result.exitCode === 0) return;
  throw new AppError("local.start_failed", "The team could not be stopped", {
    hint: "Try again.",
    details: result.stderr.slice(-2000),
  });
}

/** The lock is the kernel's, held by the supervisor's process: there is never a stale one. */
function supervisorArgv(places: Places, runtime: Pick<Runtime, "node" | "team">, role: "run" | "stop"): Argv {
  const wait = role === "run" ? "--nonblock" : `--timeout=${LOCK_WITHIN_MS / 1000}`;
  const program = [runtime.node, "--max-old-space-size=32", runtime.team, role, specFile(places)];
  return asTeam(teamOwner(places), ["flock", wait, "--no-fork", lockFile(places), ...program]);
}

/** Held from before the supervisor can say anything about itself. */
async function isLockHeld(places: Places): Promise<boolean> {
  const result = await runProgram(asTeam(teamOwner(places), ["flock", "--nonblock", lockFile(places), "true"]));
  return result.exitCode !== 0;
}

function lockFile(places: Places): string {
  return path.join(places.state, "lock");
}

async function untilGone(identity: ProcessIdentity, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (isAlive(identity) && Date.now() < deadline) await delay(POLL_MS);
}

function startFailed(places: Places, team: FoundTeam | null): AppError {
  const report = team?.report.state === "failed" ? team.report : null;
  return new AppError("local.start_failed", report?.message ?? "The team on this computer could not be started", {
    hint: `Read ${places.logs}, then try again.`,
    details: report?.details ?? tailOf(logFile(places)),
  });
}

function teamUid(places: Places): number {
  return teamOwner(places).uid;
}

function teamOwner(places: Places): { readonly uid: number; readonly gid: number } {
  return statSync(places.state);
}

function logFile(places: Places): string {
  return path.join(places.root, "supervisor.log");
}
