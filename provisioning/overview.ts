import { AppError } from "../contract/errors.ts";
import { OpenPort, ServerOverview, type ServerCertificate, type ServiceState } from "../contract/server-overview.ts";
import { rootScript } from "./commands/script.ts";
import { type Lines, parseLines, PRINT } from "./fact-lines.ts";
import {
  AGENTS_UNIT,
  BROKER_SOCKET_UNIT,
  CURRENT_RELEASE,
  DAEMON_UNIT,
  FIREWALL,
  NGINX,
  NODE,
  QDRANT_UNIT,
} from "./layout.ts";
import { SIMULATED_UPDATES } from "./package-updates.ts";
import type { RunOptions, Shell } from "./shell.ts";

/** Shown when they are installed, in this order. */
const SERVICES = [
  DAEMON_UNIT,
  AGENTS_UNIT,
  BROKER_SOCKET_UNIT,
  "postgresql@*.service",
  "redis-server.service",
  QDRANT_UNIT,
  "nginx.service",
  "docker.service",
  "ssh.service",
  FIREWALL.unit,
  "fail2ban.service",
  "certbot.timer",
  "unattended-upgrades.service",
];

/** Only reads. */
const PROBE = `
export LC_ALL=C
${PRINT}
( . /etc/os-release; p system "$PRETTY_NAME" )
p kernel "$(uname -r)"
p now "$(date +%s)"
p uptime "$(cut -d. -f1 /proc/uptime)"
[ -L ${CURRENT_RELEASE} ] && p daemon "$(basename "$(readlink ${CURRENT_RELEASE})")"
[ -x ${NODE} ] && p node "$(${NODE} --version)"
command -v psql >/dev/null && p postgres "$(runuser -u postgres -- psql -XAtqc 'show server_version' 2>/dev/null || psql --version | sed 's/.* //')"
command -v redis-server >/dev/null && p redis "$(redis-server --version | sed 's/.*v=\\([^ ]*\\).*/\\1/')"
command -v nginx >/dev/null && p nginx "$(nginx -v 2>&1 | sed 's|.*nginx/||; s| .*||')"
awk '/^(MemTotal|MemAvailable|SwapTotal|SwapFree):/ { print "memory\\t" $1 " " $2 }' /proc/meminfo
df -PTm / /var /opt /workspace 2>/dev/null | awk 'NR > 1 && !seen[$7]++ { print "disk\\t" $7 " " $3 " " $5 }'
failed=$(systemctl list-units --failed --plain --no-legend | cut -d' ' -f1)
for unit in ${SERVICES.map((unit) => `'${unit}'`).join(" ")} $failed; do
  systemctl show -p Id -p LoadState -p ActiveState -p Description "$unit"
  echo
done | awk -F= 'NF == 0 { if (load == "loaded" && !seen[id]++) print "service\\t" id " " state " " text; load = "" }
  $1 == "Id" { id = $2 } $1 == "LoadState" { load = $2 } $1 == "ActiveState" { state = $2 }
  $1 == "Description" { text = substr($0, 13) }'
for file in /etc/letsencrypt/live/*/fullchain.pem $(grep -rhEs '^[[:space:]]*ssl_certificate[[:space:]]' ${NGINX.folder}/sites-enabled/ ${NGINX.folder}/conf.d/ |
  sed 's/^[[:space:]]*ssl_certificate[[:space:]]*//; s/;.*//' | sort -u); do
  [ -r "$file" ] || continue
  end=$(openssl x509 -in "$file" -noout -enddate -dateopt iso_8601 2>/dev/null | sed 's/notAfter=//; s/ /T/') || continue
  names=$(openssl x509 -in "$file" -noout -ext subjectAltName 2>/dev/null | grep -o 'DNS:[^,]*' | cut -d: -f2 | tr '\\n' ' ')
  [ -n "$names" ] || names=$(openssl x509 -in "$file" -noout -subject -nameopt multiline 2>/dev/null | sed -n 's/.*commonName *= //p')
  [ -n "$end" ] && p certificate "$file $end $names"
done
ss -Hltnup 2>/dev/null | while read -r protocol _ _ _ local _ users; do
  p port "$protocol \${local##*:} \${local%:*} $(printf '%s' "$users" | cut -s -d'"' -f2)"
done
getent passwd | while IFS=: read -r name _ id _ _ _ program; do
  { [ "$id" = 0 ] || [ "$id" -ge 1000 ]; } && [ "$id" -lt 65000 ] || continue
  case $program in */nologin | */false | */sync) ;; *) p login "$name" ;; esac
done
for key in /etc/ssh/ssh_host_*_key.pub; do [ -r "$key" ] && p hostkey "$(ssh-keygen -lf "$key" | awk '{ print $1 " " $2 " " $NF }')"; done
lists=$(find /var/lib/apt/lists -maxdepth 1 -name '*InRelease' -o -maxdepth 1 -name '*_Release' 2>/dev/null | head -n 1)
[ -n "$lists" ] && p lists "$(stat -c %Y /var/lib/apt/lists)"
${SIMULATED_UPDATES} |
  awk '{ all++; if (/[-:][Ss]ecurity/) security++ } END { print "updates\\t" all + 0 " " security + 0 }'
[ -e /run/reboot-required ] && p reboot yes
p end yes
`;

/** One round trip. Needs root. */
export async function readOverview(
  shell: Shell,
  appRelease: string,
  options: RunOptions = {},
): Promise<ServerOverview> {
  const result = await shell.run(rootScript(`set +eu\n${PROBE}`), options);
  const lines = parseLines(result.stdout);
  if (!lines.has("end")) throw new AppError("app.internal", "The server did not say how it is");
  return toOverview(lines, appRelease);
}

/** Typed, from what the probe printed. */
export function toOverview(lines: Lines, appRelease: string): ServerOverview {
  const one = (name: string) => lines.get(name)?.[0] ?? "";
  const known = (name: string) => one(name) || null;
  const words = (name: string) => (lines.get(name) ?? []).map((line) => line.split(" "));
  const now = Number(one("now"));
  const [updates = "0", security = "0"] = one("updates").split(" ");
  return ServerOverview.parse({
    readAt: toTime(now),
    bootedAt: toTime(now - Number(one("uptime"))),
    versions: {
      system: one("system"),
      kernel: one("kernel"),
      daemon: known("daemon"),
      node: known("node")?.replace(/^v/, "") ?? null,
      postgres: known("postgres")?.split(" ")[0] ?? null,
      redis: known("redis"),
      nginx: known("nginx"),
    },
    appRelease,
    services: words("service").map(([unit, state, ...text]) => ({
      unit,
      state: toState(state),
      description: text.join(" "),
    })),
    disks: words("disk").map(([path, size, free]) => ({ path, sizeMb: Number(size), freeMb: Number(free) })),
    memory: toMemory(words("memory")),
    certificates: words("certificate").map(toCertificate).toSorted(byExpiry),
    packages: {
      updates: Number(updates),
      security: Number(security),
      listsReadAt: lines.has("lists") ? toTime(Number(one("lists"))) : null,
      rebootNeeded: lines.has("reboot"),
    },
    ports: toPorts(words("port")),
    logins: lines.get("login") ?? [],
    hostKeys: words("hostkey").map(([bits, fingerprint, type = ""]) => ({
      algorithm: type.replaceAll(/[()]/g, ""),
      bits: Number(bits),
      fingerprint,
    })),
  });
}

function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function toState(state: string | undefined): ServiceState {
  if (state === "active" || state === "reloading") return "active";
  if (state === "activating") return "starting";
  return state === "failed" ? "failed" : "inactive";
}

function toMemory(lines: readonly string[][]): ServerOverview["memory"] {
  const kilobytes = new Map(lines.map(([name = "", amount]) => [name, Number(amount)]));
  const megabytes = (name: string) => Math.round((kilobytes.get(`${name}:`) ?? 0) / 1024);
  return {
    totalMb: megabytes("MemTotal"),
    availableMb: megabytes("MemAvailable"),
    swapMb: megabytes("SwapTotal"),
    swapFreeMb: megabytes("SwapFree"),
  };
}

function toCertificate([path = "", expires = "", ...rest]: readonly string[]): ServerCertificate {
  const names = rest.filter((name) => name !== "");
  return { path, expiresAt: new Date(expires).toISOString(), names, name: names[0] ?? path };
}

function byExpiry(one: ServerCertificate, other: ServerCertificate): number {
  return Date.parse(one.expiresAt) - Date.parse(other.expiresAt);
}

/** One line for a port, however many addresses it is listened on; open to others when any of these is. */
function toPorts(lines: readonly string[][]): OpenPort[] {
  const ports = new Map<string, OpenPort>();
  for (const [protocol, port, address = "", program = ""] of lines) {
    const found = OpenPort.safeParse({ protocol, port: Number(port), program, loopback: isLoopback(address) });
    if (!found.success) continue;
    const key = `${protocol} ${port}`;
    const known = ports.get(key);
    ports.set(key, known ? { ...known, loopback: known.loopback && found.data.loopback } : found.data);
  }
  return [...ports.values()].toSorted((one, other) => one.port - other.port);
}

function isLoopback(address: string): boolean {
  return /^(127\.|\[?::1\]?$|\[?::ffff:127\.|.*%lo$)/.test(address);
}
