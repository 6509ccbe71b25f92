import { rootScript } from "./script.ts";
import type { Command } from "../shell.ts";

/** A server that just booted may be updating itself: waits for that, five minutes at most. */
const WAIT_FOR_OTHERS = `
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
patiently() {
  tries=60
  until "$@" 2>"$errors"; do
    if ! grep -Eq 'Could not get lock|Unable to lock|lock is held|(is|was) locked by another' "$errors" || [ "$tries" = 0 ]; then
      cat "$errors" >&2
      return 1
    fi
    echo "Waiting for another package installation to end"
    tries=$((tries - 1))
    sleep 5
  done
  cat "$errors" >&2
}
`;

/**
 * While packages are unpacked nothing stops it: a cancelled run waits for apt, in a session of its own, so that dpkg is
 * never left half-way. Everything before may be stopped at any time.
 */
const INSTALL = `${WAIT_FOR_OTHERS}
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt() { patiently setsid apt-get -q -y -o Acquire::Retries=3 -o APT::Status-Fd=1 -o Dpkg::Options::=--force-confold "$@"; }
uncut() {
  stopped=
  trap 'stopped=yes' TERM
  "$@"
  [ -z "$stopped" ] || exit 143
  trap - TERM
}
if [ -n "$(ls -A /var/lib/dpkg/updates)$(dpkg --audit)" ]; then
  echo "Finishing an interrupted package installation"
  uncut patiently setsid dpkg --force-confold --configure -a
  uncut apt --fix-broken install
fi
patiently apt-get -q -o Acquire::Retries=3 update
patiently apt-get -q -y -o Acquire::Retries=3 -o APT::Status-Fd=1 --download-only --no-install-recommends install -- "$@"
uncut apt install --no-install-recommends -- "$@"
`;

/** Prints `dlstatus:…` and `pmstatus:…` lines about its progress between the others. */
export function installPackages(names: readonly string[]): Command {
  return rootScript(INSTALL, ...names);
}

/** Percent of an installation; null for a line that is not about progress. */
export function parseAptProgress(line: string): number | null {
  const [, kind, percent] = /^(dl|pm)status:[^:]*:([\d.]+):/.exec(line) ?? [];
  if (!kind || !percent) return null;
  return Math.round(kind === "dl" ? Number(percent) / 2 : 50 + Number(percent) / 2);
}
