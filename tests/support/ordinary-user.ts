import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import path from "node:path";

/** Somebody without rights. */
export const ORDINARY_USER = 65_534;
const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/**
 * Runs a program of this repository as an ordinary user, who sees the repository at `readable`, an empty folder: it may
 * lie in a home of root's. `hiding` runs as root before, and like that mount reaches nobody else.
 */
export function runAsOrdinaryUser(
  readable: string,
  argv: readonly string[],
  hiding = "true",
): SpawnSyncReturns<string> {
  const script = `mount --bind "$0" "$1"; shift; ${hiding}; exec "$@"`;
  const inOwnMounts = ["--mount", "--propagation", "private", "sh", "-ec", script, REPOSITORY, readable];
  const asUser = ["setpriv", `--reuid=${ORDINARY_USER}`, `--regid=${ORDINARY_USER}`, "--clear-groups"];
  const seen = argv.map((word) => word.replace(`${REPOSITORY}/`, `${readable}/`));
  const options = { encoding: "utf8", cwd: "/", timeout: 60_000 } as const;
  return spawnSync("unshare", [...inOwnMounts, ...asUser, ...seen], options);
}
