import { FAIL2BAN_JAIL, LOGGED_IN_LATELY, LOGINS } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** Bans that are in force stay so. It answers a moment after it was started. */
const LOAD = `
${LOGGED_IN_LATELY}
systemctl enable --quiet fail2ban
systemctl reset-failed fail2ban 2>/dev/null || true
systemctl reload-or-restart fail2ban
tries=100
until fail2ban-client status sshd >/dev/null 2>&1; do
  if [ "$tries" = 0 ] || systemctl is-failed --quiet fail2ban; then
    journalctl -u fail2ban -n 15 --no-pager -o cat
    exit 1
  fi
  tries=$((tries - 1))
  sleep 0.1
done
`;

export function loadJail(): Command {
  return rootScript(LOAD);
}

/** Where the distribution's own jail finds no log to read, fail2ban cannot run and stays off. */
const REMOVE = `
[ -e ${FAIL2BAN_JAIL} ] || exit 0
rm -f ${FAIL2BAN_JAIL} ${LOGGED_IN_LATELY} ${LOGINS}*
systemctl restart fail2ban
sleep 1
systemctl is-active --quiet fail2ban || systemctl disable --quiet --now fail2ban
systemctl reset-failed fail2ban 2>/dev/null || true
`;

export function removeJail(): Command {
  return rootScript(REMOVE);
}
