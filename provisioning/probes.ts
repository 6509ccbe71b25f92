import { MEMORY_MODEL_FILES } from "../contract/memory-model.ts";
import {
  ADMIN_USER,
  AGENT_USERS,
  AGENTS_UNIT,
  APPLIED_STAMP,
  BROKER_SOCKET_UNIT,
  BUNDLE,
  CONFIG_FILE,
  CURRENT_RELEASE,
  DAEMON_UNIT,
  DAEMON_USER,
  FOLDERS,
  MEMORY_MODEL_DIR,
  NODE,
  REDIS_CONFIG,
  REDIS_CREDENTIAL,
  REDIS_INCLUDE,
  RELEASES_DIR,
  TEAM_GROUP,
  UPGRADE_DIR,
} from "./layout.ts";
import { DOCKER_PROBE } from "./docker-facts.ts";
import { OUR_FILES } from "./files/our-files.ts";
import { ADMIN_COMMENT } from "./commands/admin.ts";
import { SSH_TRIAL } from "./commands/ssh.ts";
import { trialProbe } from "./commands/trial.ts";
import { QDRANT_PROBE } from "./qdrant.ts";
import { SANDBOX_PROBE } from "./sandbox-facts.ts";
import { SSH_KEYWORDS } from "./ssh-facts.ts";
import { PACKAGE_UPDATES_PROBE } from "./package-updates.ts";
import { KNOWN_PACKAGES } from "./packages.ts";
import { POSTGRES_PROBE } from "./postgres-facts.ts";
import { FAIL2BAN_PROBE } from "./fail2ban-facts.ts";
import { FIREWALL_PROBE } from "./firewall-facts.ts";
import { PREFLIGHT_PROBE } from "./preflight.ts";
import { UPKEEP_PROBE } from "./upkeep.ts";
import { WEB_PROBE } from "./web.ts";

const USERS = [DAEMON_USER, ...AGENT_USERS].join(" ");

/**
 * Questions to a server, as shell scripts that print `name TAB value` with `p`. They only read, and stay silent about
 * what is not there. `facts.ts` gives the answers their types.
 */
export const PROBES = {
  system: `
( . /etc/os-release; p os.id "$ID"; p os.version "\${VERSION_ID:-}"; p os.name "$PRETTY_NAME" )
p architecture "$(uname -m)"; p kernel "$(uname -r)"; p cores "$(nproc)"
p memoryKb "$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)"
for folder in / /usr /var /opt; do p disk "$folder $(df -Pm "$folder" | awk 'NR == 2 { print $4 }')"; done
[ -d /run/systemd/system ] && p systemd yes
can_encrypt && p canEncrypt yes`,

  preflight: PREFLIGHT_PROBE,

  packages: `
dpkg-query -W -f='\${db:Status-Status} \${Package}\\n' ${KNOWN_PACKAGES.join(" ")} 2>/dev/null |
  while read -r status name; do [ "$status" = installed ] && p package "$name"; done
if [ -n "$(ls -A /var/lib/dpkg/updates 2>/dev/null)$(dpkg --audit 2>/dev/null)" ]; then p dpkg.interrupted yes; fi`,

  accounts: `
for user in ${USERS} "\${SUDO_USER:-}"; do
  [ -n "$user" ] && id "$user" >/dev/null 2>&1 && p user.groups "$user $(id -gn "$user") $(id -nG "$user")"
done
for group in ${USERS} ${TEAM_GROUP}; do getent group "$group" >/dev/null && p group "$group"; done`,

  paths: `
stat -c 'path	%n %U:%G %a' ${[...FOLDERS.map((folder) => folder.path), ...OUR_FILES].join(" ")} 2>/dev/null
sha256sum ${OUR_FILES.join(" ")} 2>/dev/null | sed 's/^/sha256	/'
[ -r ${CONFIG_FILE} ] && sed 's/^/config	/' ${CONFIG_FILE}`,

  release: `
[ -L ${CURRENT_RELEASE} ] && p release.folder "$(readlink ${CURRENT_RELEASE})"
[ -x ${NODE} ] && p release.node "$(sha256sum <${NODE})"
[ -r ${BUNDLE} ] && p release.daemon "$(sha256sum <${BUNDLE})"
for folder in ${RELEASES_DIR}/*; do [ -x "$folder/node" ] && [ -r "$folder/daemon.mjs" ] && p release.kept "$folder"; done
[ -L ${UPGRADE_DIR}/former ] && p release.upgradeFrom "$(readlink ${UPGRADE_DIR}/former)"`,

  memoryModel: `
cd ${MEMORY_MODEL_DIR} 2>/dev/null && sha256sum ${MEMORY_MODEL_FILES.join(" ")} 2>/dev/null | sed 's/^/memoryModel	/'`,

  packageUpdates: PACKAGE_UPDATES_PROBE,
  postgres: POSTGRES_PROBE,

  redis: `
grep -qsx 'include ${REDIS_INCLUDE}' ${REDIS_CONFIG} && p redis.included yes
password=$(sed -n 's/^requirepass //p' ${REDIS_INCLUDE} 2>/dev/null)
if [ -n "$password" ]; then
  [ "$(unseal redis-password ${REDIS_CREDENTIAL})" = "$password" ] && p redis.credential yes
  export REDISCLI_AUTH="$password"
  settings=$(printf 'CONFIG GET %s\\n' appendonly appendfsync protected-mode maxmemory-policy bind requirepass |
    timeout 5 redis-cli --raw -h 127.0.0.1 2>/dev/null | tr '\\n' ' ')
  [ "$settings" = "appendonly yes appendfsync everysec protected-mode yes maxmemory-policy noeviction bind 127.0.0.1 requirepass $password " ] && p redis.configured yes
fi`,

  web: WEB_PROBE,
  upkeep: UPKEEP_PROBE,
  docker: DOCKER_PROBE,
  sandbox: SANDBOX_PROBE,
  qdrant: QDRANT_PROBE,
  ssh: `
sshd -T 2>/dev/null | awk '$1 ~ /^(${SSH_KEYWORDS.join("|")})$/ { print "ssh.setting\t" $0 } $1 == "allowusers" { print "ssh.allowed\t" $2 } $1 == "port" { print "ssh.port\t" $2 }'
getent passwd | while IFS=: read -r name _ id _ _ home program; do
  [ "$id" -ge 1000 ] && [ "$id" -lt 65000 ] && [ -s "$home/.ssh/authorized_keys" ] || continue
  case $program in */nologin | */false) ;; *) p ssh.person "$name" ;; esac
done
${trialProbe(SSH_TRIAL)}`,

  firewall: FIREWALL_PROBE,
  fail2ban: FAIL2BAN_PROBE,
  admin: `
login="\${SUDO_USER:-root}"
[ -s "$(getent passwd "$login" | cut -d: -f6)/.ssh/authorized_keys" ] && p admin.loginHasKeys yes
if [ "$login" = root ] || runuser -u "$login" -- sudo -n true 2>/dev/null; then p admin.loginIsRoot yes; fi
account=$(getent passwd ${ADMIN_USER})
[ -n "$account" ] && p admin.exists yes
[ "$(echo "$account" | cut -d: -f5)" = '${ADMIN_COMMENT}' ] && p admin.ours yes
home=$(echo "$account" | cut -d: -f6)
[ -n "$home" ] && [ -s "$home/.ssh/authorized_keys" ] && p admin.hasKeys yes`,

  services: `
for unit in ${DAEMON_UNIT} ${AGENTS_UNIT} ${BROKER_SOCKET_UNIT}; do
  p unit "$unit $(systemctl is-active "$unit" 2>/dev/null) $(systemctl is-enabled "$unit" 2>/dev/null)"
done
[ -r ${APPLIED_STAMP} ] && sed 's/^/applied	/' ${APPLIED_STAMP}
[ -x ${NODE} ] && timeout 20 ${NODE} ${BUNDLE} health --config ${CONFIG_FILE} >/dev/null 2>&1 && p healthy yes
true`,
} as const;
export type ProbeName = keyof typeof PROBES;
