import { ADMIN_SUDOERS, ADMIN_USER } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** Tells the account that provisioning made from one that was there. */
export const ADMIN_COMMENT = "AI Infrastructure administrator";

const MAKE = `
from=$(getent passwd "$1" | cut -d: -f6)
group=
! getent group ${ADMIN_USER} >/dev/null || group="--gid ${ADMIN_USER}"
id -u ${ADMIN_USER} >/dev/null 2>&1 ||
  useradd --create-home --shell /bin/bash --comment '${ADMIN_COMMENT}' $group ${ADMIN_USER}
home=$(getent passwd ${ADMIN_USER} | cut -d: -f6)
group=$(id -gn ${ADMIN_USER})
[ ! -s "$home/.ssh/authorized_keys" ] || exit 0
install -d -m 700 -o ${ADMIN_USER} -g "$group" "$home/.ssh"
install -m 600 -o ${ADMIN_USER} -g "$group" "$from/.ssh/authorized_keys" "$home/.ssh/authorized_keys"
`;

/** Gives the administrator the keys of `login`; keys that are there stay. */
export function makeAdmin(login: string): Command {
  return rootScript(MAKE, login);
}

/** What the person kept in the home folder stays, root's. Whoever is logged in as the administrator still needs it. */
const REMOVE = `
[ "\${SUDO_USER:-}" != ${ADMIN_USER} ] || exit 0
rm -f ${ADMIN_SUDOERS}
account=$(getent passwd ${ADMIN_USER} || true)
[ "$(echo "$account" | cut -d: -f5)" = '${ADMIN_COMMENT}' ] || exit 0
home=$(echo "$account" | cut -d: -f6)
pkill -KILL -u ${ADMIN_USER} || true
tries=50
while pgrep -u ${ADMIN_USER} >/dev/null && [ "$tries" -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
userdel ${ADMIN_USER}
[ -d "$home" ] || exit 0
rm -rf "$home/.ssh" "$home/.sudo_as_admin_successful"
for file in /etc/skel/.[!.]*; do ! cmp -s "$file" "$home/\${file##*/}" || rm -f "$home/\${file##*/}"; done
rmdir "$home" 2>/dev/null || chown -Rh root:root "$home"
`;

export function removeAdmin(): Command {
  return rootScript(REMOVE);
}
