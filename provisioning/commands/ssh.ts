import type { OurFile } from "../files/our-files.ts";
import { SSH_DROP_IN, SSH_ROLLBACK_DIR, SSH_ROLLBACK_UNIT } from "../layout.ts";
import { withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/**
 * Once it has returned, sshd goes by its files; sessions go on. A reload would return before sshd has read them. With
 * its counter reset, systemd does not refuse a restart that comes soon after others.
 */
const READ_AGAIN = `systemctl reset-failed ssh 2>/dev/null || true
systemctl try-restart ssh`;

const DISARM = `systemctl stop ${SSH_ROLLBACK_UNIT}.timer 2>/dev/null || true`;

const RESTORE = `
[ -e ${SSH_ROLLBACK_DIR}/armed ] || exit 0
if [ -e ${SSH_ROLLBACK_DIR}/before ]; then
  cp -p ${SSH_ROLLBACK_DIR}/before ${SSH_DROP_IN}.new
  mv -T ${SSH_DROP_IN}.new ${SSH_DROP_IN}
else
  rm -f ${SSH_DROP_IN}
fi
${READ_AGAIN}
rm -rf ${SSH_ROLLBACK_DIR}
`;

/**
 * The timer is armed before sshd reads anything, and what was there before is kept once: settings that were never
 * confirmed are not what is put back. Timers are a minute late unless told how exact they should be.
 */
const ARM = `
seconds=$1 restore=$2
${DISARM}
mkdir -p -m 700 ${SSH_ROLLBACK_DIR}
if [ ! -e ${SSH_ROLLBACK_DIR}/armed ]; then
  rm -f ${SSH_ROLLBACK_DIR}/before
  [ ! -e ${SSH_DROP_IN} ] || cp -p ${SSH_DROP_IN} ${SSH_ROLLBACK_DIR}/before
  touch ${SSH_ROLLBACK_DIR}/armed
fi
mkdir -p "$(dirname ${SSH_DROP_IN})"
cat >${SSH_DROP_IN}.new
chmod 644 ${SSH_DROP_IN}.new
systemd-run --quiet --collect --unit=${SSH_ROLLBACK_UNIT} --on-active="$seconds" \\
  --timer-property=AccuracySec=100ms sh -euc "$restore"
mv -T ${SSH_DROP_IN}.new ${SSH_DROP_IN}
if ! sshd -t; then
  ${DISARM}
  sh -euc "$restore"
  exit 1
fi
${READ_AGAIN}
`;

/** Lets sshd go by the file, and puts back what was there unless that is confirmed within `seconds`. */
export function armSshSettings(file: OurFile, seconds: number): Command {
  return withInput(rootScript(ARM, String(seconds), RESTORE.trim()), file.text);
}

const CONFIRM = `
${DISARM}
while systemctl is-active --quiet ${SSH_ROLLBACK_UNIT}.service; do sleep 0.1; done
if [ ! -e ${SSH_ROLLBACK_DIR}/armed ]; then
  echo "The old SSH settings were put back before the new ones were confirmed" >&2
  exit 1
fi
rm -rf ${SSH_ROLLBACK_DIR}
`;

export function confirmSshSettings(): Command {
  return rootScript(CONFIRM);
}

/** At once, without waiting for the timer. */
export function restoreSshSettings(): Command {
  return rootScript(`${DISARM}\n${RESTORE}`);
}

const REMOVE = `
${DISARM}
rm -rf ${SSH_ROLLBACK_DIR}
[ -e ${SSH_DROP_IN} ] || exit 0
rm -f ${SSH_DROP_IN}
${READ_AGAIN}
`;

export function removeSshSettings(): Command {
  return rootScript(REMOVE);
}
