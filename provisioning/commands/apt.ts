import { PACKAGES_UPDATED } from "../layout.ts";
import { rootScript } from "./script.ts";
import type { Command } from "../shell.ts";

/** A server that just booted may be updating itself: waits for that and says for whom, but not for ever. */
const WAIT_FOR_OTHERS = `
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
holder() {
  pid=$(sed -En 's/.*(held by process|with pid) ([0-9]+).*/\\2/p' "$errors" | head -n 1)
  echo "\${pid:+: $(cat "/proc/$pid/comm" 2>/dev/null) (process $pid)}"
}
patiently() {
  tries=$((patience / 5))
  until "$@" 2>"$errors"; do
    if ! grep -Eq 'Could not get lock|Unable to lock|lock is held|(is|was) locked by another' "$errors"; then
      cat "$errors" >&2
      return 1
    fi
    if [ "$tries" -le 0 ]; then
      echo "Another package installation did not end within $patience seconds$(holder)" >&2
      return 1
    fi
    echo "Waiting for another package installation to end$(holder)"
    tries=$((tries - 1))
    sleep 5
  done
  cat "$errors" >&2
}
`;

/**
 * Debian starts services with their packages, as those set them up. The ones named by `later` wait for their own step
 * instead: as long as this process lives, unless they run already or somebody else's policy says what starts.
 */
const HOLD_SERVICES = `
policy=/usr/sbin/policy-rc.d held=
mark='# Written by AI Infrastructure while it installs packages.'
release() { [ -z "$held" ] || rm -f "$policy"; }
trap 'rm -f "$errors"; release' EXIT
hold() {
  ! grep -qsF "$mark" "$policy" || rm -f "$policy"
  [ -n "$later" ] && [ ! -e "$policy" ] || return 0
  held=yes
  {
    printf '#!/bin/sh\\n%s\\n' "$mark"
    printf 'installer=/proc/%s/stat since=%s later="%s"\\n' $$ "$(cut -d ' ' -f 22 /proc/$$/stat)" "$later"
    cat <<'EOF'
[ "$(cut -d ' ' -f 22 "$installer" 2>/dev/null)" = "$since" ] || exit 0
case " $later " in *" \${1%.service} "*) exit 101 ;; esac
exit 0
EOF
  } >"$policy"
  chmod 755 "$policy"
}
`;

/**
 * While packages are unpacked nothing stops it: a cancelled run waits for apt, in a session of its own, so that dpkg is
 * never left half-way. Everything before may be stopped at any time.
 */
const PREPARED = `${WAIT_FOR_OTHERS}${HOLD_SERVICES}
patience=$1 later=
for service in $2; do systemctl is-active --quiet "$service" || later="$later $service"; done
shift 2
# needrestart would restart the team in the middle of its work.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C NEEDRESTART_SUSPEND=1
apt() { patiently setsid apt-get -q -y -o Acquire::Retries=3 -o APT::Status-Fd=1 -o Dpkg::Options::=--force-confold "$@"; }
uncut() {
  stopped=
  trap 'stopped=yes' TERM
  hold
  "$@"
  release
  [ -z "$stopped" ] || exit 143
  trap - TERM
}
patiently apt-get -q -o Acquire::Retries=3 update
if [ -n "$(ls -A /var/lib/dpkg/updates)$(dpkg --audit)" ]; then
  echo "Finishing an interrupted package installation"
  # What needs a package that is not whole is left for apt.
  uncut patiently setsid dpkg --force-confold --configure -a || true
  # Of those that are not whole apt would configure some and leave the others as they are.
  torn=$(dpkg-query -W -f '\${db:Status-Abbrev} \${binary:Package}\\n' | sed -n 's/^..R *//p')
  # shellcheck disable=SC2086
  uncut apt --fix-broken --reinstall --no-install-recommends install -- $torn
fi
download() { patiently apt-get -q -y -o Acquire::Retries=3 -o APT::Status-Fd=1 --download-only "$@"; }
`;

const INSTALL = `${PREPARED}
download --no-install-recommends install -- "$@"
uncut apt install --no-install-recommends -- "$@"
`;

const UPDATE = `${PREPARED}
download --with-new-pkgs upgrade
uncut apt --with-new-pkgs upgrade
touch ${PACKAGES_UPDATED}
`;

interface Installation {
  /** Services that do not start with their packages. */
  readonly startLater?: readonly string[];
  readonly patienceSeconds?: number;
}

/** Prints `dlstatus:…` and `pmstatus:…` lines about its progress between the others. */
export function installPackages(
  names: readonly string[],
  { startLater = [], patienceSeconds = 300 }: Installation = {},
): Command {
  return rootScript(INSTALL, String(patienceSeconds), startLater.join(" "), ...names);
}

/** By lists that are read first. Configurations that were changed stay; no package goes. Prints as `installPackages` does. */
export function updatePackages(patienceSeconds = 300): Command {
  return rootScript(UPDATE, String(patienceSeconds), "");
}

/** Percent of an installation; null for a line that is not about progress. */
export function parseAptProgress(line: string): number | null {
  const [, kind, percent] = /^(dl|pm)status:[^:]*:([\d.]+):/.exec(line) ?? [];
  if (!kind || !percent) return null;
  return Math.round(kind === "dl" ? Number(percent) / 2 : 50 + Number(percent) / 2);
}
