import { REDIS_CONFIG, REDIS_CREDENTIAL, REDIS_INCLUDE } from "../layout.ts";
import type { Command } from "../shell.ts";
import { SEALING } from "./credentials.ts";
import { rootScript } from "./script.ts";

/**
 * The password is made on the server and never leaves it. A present password is kept. Before the restart the append-only
 * file is switched on in the running server: started with it and without the file, Redis would come up empty.
 */
const CONFIGURE = `${SEALING}
include=$1 main=$2 credential=$3
umask 077
password=$(sed -n 's/^requirepass //p' "$include" 2>/dev/null || true)
[ -n "$password" ] || password=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n')
export REDISCLI_AUTH="$password"
ask() { timeout 10 redis-cli --no-auth-warning -h 127.0.0.1 "$@"; }

printf '%s' "$password" | seal redis-password "$credential"

cat >"$include.new" <<CONF
bind 127.0.0.1
port 6379
protected-mode yes
requirepass $password
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
CONF
chown root:redis "$include.new"
chmod 640 "$include.new"

if [ "$(ask ping 2>/dev/null)" = PONG ]; then
  ask config set appendonly yes >/dev/null
  while ask info persistence | grep -Eq 'aof_rewrite_(in_progress|scheduled):1'; do sleep 0.1; done
fi
[ ! -f "$include" ] || cp -p "$include" "$include.old"
cp -p "$main" "$main.old"
mv -T "$include.new" "$include"
[ -z "$(tail -c 1 "$main")" ] || echo >>"$main"
grep -qx "include $include" "$main" || printf 'include %s\\n' "$include" >>"$main"
systemctl enable --quiet redis-server
if systemctl restart redis-server && [ "$(ask ping)" = PONG ]; then rm -f "$include.old" "$main.old"; exit 0; fi

echo "Redis did not start with the new settings; the old ones are back" >&2
journalctl -u redis-server -n 10 --no-pager -o cat >&2
mv -T "$main.old" "$main"
[ ! -f "$include.old" ] || mv -T "$include.old" "$include"
systemctl restart redis-server
exit 1
`;

export function configureRedis(): Command {
  return rootScript(CONFIGURE, REDIS_INCLUDE, REDIS_CONFIG, REDIS_CREDENTIAL);
}

const RESTORE = `
include=$1 main=$2 credential=$3
rm -f "$credential"
[ -f "$main" ] || exit 0
sed -i "\\|^include $include\\$|d" "$main"
rm -f "$include"
systemctl restart redis-server
`;

export function restoreRedis(): Command {
  return rootScript(RESTORE, REDIS_INCLUDE, REDIS_CONFIG, REDIS_CREDENTIAL);
}
