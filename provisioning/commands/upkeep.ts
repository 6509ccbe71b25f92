import { KERNEL_SETTINGS } from "../kernel-settings.ts";
import { SYSCTL_BEFORE, SYSCTL_DROP_IN } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const TIMERS = "apt-daily.timer apt-daily-upgrade.timer";

export function startUpdateTimers(): Command {
  return rootScript(`systemctl unmask --quiet ${TIMERS}; systemctl enable --quiet --now ${TIMERS}`);
}

/** At boot too. */
export function startService(unit: string): Command {
  return rootScript(`systemctl enable --quiet --now "$1"`, unit);
}

export function restartJournal(): Command {
  return rootScript("systemctl restart systemd-journald");
}

export function restoreJournal(...files: readonly string[]): Command {
  return rootScript(`rm -f -- "$@"; systemctl restart systemd-journald`, ...files);
}

const SYSTEMD_SYSCTL = "/usr/lib/systemd/systemd-sysctl";

/** What was before is kept once, so that it can be put back. Interfaces that come later are set by systemd as they come. */
const APPLY = `
if [ ! -e ${SYSCTL_BEFORE} ]; then
  for file in ${KERNEL_SETTINGS.map(({ path }) => `/proc/sys/${path}`).join(" ")}; do
    [ ! -w "$file" ] || printf -- '-%s = %s\\n' "\${file#/proc/sys/}" "$(cat "$file")"
  done >${SYSCTL_BEFORE}.new
  mv -T ${SYSCTL_BEFORE}.new ${SYSCTL_BEFORE}
fi
${SYSTEMD_SYSCTL} ${SYSCTL_DROP_IN}
`;

export function applyKernelSettings(): Command {
  return rootScript(APPLY);
}

const RESTORE = `
rm -f ${SYSCTL_DROP_IN}
[ -e ${SYSCTL_BEFORE} ] || exit 0
${SYSTEMD_SYSCTL} ${SYSCTL_BEFORE}
rm -f ${SYSCTL_BEFORE}
`;

export function restoreKernelSettings(): Command {
  return rootScript(RESTORE);
}
