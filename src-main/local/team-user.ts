import { AppError } from "../../contract/errors.ts";
import { findProgram } from "../platform/find-program.ts";
import { type Argv, runProgram } from "../platform/run-program.ts";

export interface TeamUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

const SYSTEM_USER = "ai-local";

/** As whom the team runs: as the person, but never as root, for whom a system user is made. */
export async function findTeamUser(): Promise<TeamUser> {
  if (process.getuid?.() !== 0) return readUser("");
  if (!(await exists(SYSTEM_USER))) await createSystemUser();
  return readUser((await exists(SYSTEM_USER)) ? SYSTEM_USER : "nobody");
}

/** The same program, run as the team's user. */
export function asTeam(user: Pick<TeamUser, "uid" | "gid">, argv: Argv): Argv {
  if (process.getuid?.() !== 0) return argv;
  return ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", "--", ...argv];
}

async function createSystemUser(): Promise<void> {
  const useradd = findProgram("useradd");
  if (useradd === null) return;
  const options = ["--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent"];
  await runProgram([useradd, ...options, "--shell=/usr/sbin/nologin", SYSTEM_USER]);
}

async function exists(name: string): Promise<boolean> {
  return (await runProgram(["id", "-u", name])).exitCode === 0;
}

async function readUser(name: string): Promise<TeamUser> {
  const ask = async (option: string) => {
    const result = await runProgram(name === "" ? ["id", option] : ["id", option, name]);
    return result.stdout.trim();
  };
  const [uid, gid] = [Number(await ask("-u")), Number(await ask("-g"))];
  if (!(uid > 0)) throw new AppError("local.start_failed", "No user was found to run the team as");
  return { uid, gid, name: name === "" ? (await ask("-un")) || String(uid) : name };
}
