import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** Marks the line of the key below, so that one that was left behind is found. */
const MARK = "ai-infrastructure-second-login";

/**
 * Logs in as `$1` over this server's own address with a key made for this one login. The key opens nothing but `true`,
 * from this server only, and for five minutes at most should its removal be missed.
 */
const LOG_IN = `
home=$(getent passwd "$1" | cut -d: -f6)
keys="$home/.ssh/authorized_keys"
folder=$(mktemp -d)
forget() { rm -rf "$folder"; sed -i --follow-symlinks '/ ${MARK}$/d' "$keys"; }
trap forget EXIT
trap 'exit 1' HUP INT TERM
ssh-keygen -q -t ed25519 -N '' -C ${MARK} -f "$folder/key"
listen=$(sshd -T | sed -n 's/^listenaddress //p' | sort | head -n 1)
port=\${listen##*:}
address=$(echo "\${listen%:*}" | tr -d '[]' | sed 's/^0\\.0\\.0\\.0$/127.0.0.1/; s/^::$/::1/')
limits="restrict,command=\\"true\\",from=\\"127.0.0.0/8,::1,$address\\",expiry-time=\\"$(date -d '+5 minutes' +%Y%m%d%H%M%S)\\""
[ ! -s "$keys" ] || [ -z "$(tail -c 1 "$keys")" ] || echo >>"$keys"
printf '%s %s\\n' "$limits" "$(cat "$folder/key.pub")" >>"$keys"
ssh -F none -i "$folder/key" -p "$port" -l "$1" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=15 \\
  -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "$address" true
`;

export function logInOverLoopback(login: string): Command {
  return rootScript(LOG_IN, login);
}

const HAS_KEYS = `[ -s "$(getent passwd "$1" | cut -d: -f6)/.ssh/authorized_keys" ] && echo yes || true`;

/** Prints `yes` when keys may log in as `login`. */
export function askForKeys(login: string): Command {
  return rootScript(HAS_KEYS, login);
}
