import { rootScript } from "./script.ts";
import type { Command } from "../shell.ts";

/** A server that just booted may be updating itself: waits for that, five minutes at most. */
const WAIT_FOR_OTHERS = `
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
patiently() {
  tries=60
  until "$@" 2>"$errors"; do
    if ! grep -Eq 'Could not get lock|Unable to lock|lock is held|is locked by another' "$errors" || [ "$tries" = 0 ]; then
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

const INSTALL = `${WAIT_FOR_OTHERS}
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt() { patiently apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o APT::Status-Fd=1 "$@"; }
if [ -n "$(ls -A /var/lib/dpkg/updates)$(dpkg --audit)" ]; then
  echo "Finishing an interrupted package installation"
  patiently dpkg --force-confold --configure -a
  apt --fix-broken install
fi
apt update
apt -o Dpkg::Options::=--force-confold install --no-install-recommends -- "$@"
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
