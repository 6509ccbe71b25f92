import path from "node:path";

const NOBODY = 65_534;
const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/**
 * The words that run a program of this repository as somebody without rights. They see the repository at `readable`, an
 * empty folder: it may lie in a home of root's. `hiding` runs as root before, and like that mount reaches nobody else.
 */
export function asOrdinaryUser(readable: string, argv: readonly string[], hiding = "true"): readonly string[] {
  const seen = argv.map((word) => word.replace(`${REPOSITORY}/`, `${readable}/`));
  const script = `mount --bind "$0" "$1"; shift; ${hiding}; exec "$@"`;
  const inOwnMounts = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, REPOSITORY, readable];
  return [...inOwnMounts, "setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", ...seen];
}
