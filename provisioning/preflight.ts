import { z } from "zod";
import { type Lines, toRecord } from "./fact-lines.ts";
import { PACKAGE_NAMES } from "./packages.ts";

/** What may speak against a server before anything is changed on it. */
export const Preflight = z.object({
  /** Seconds that the server's clock is ahead of this computer's; negative when it is behind. */
  clockAheadS: z.number(),
  swapMb: z.number(),
  /** The kernel is shared with a host, which alone decides about swap. */
  container: z.boolean(),
  /** Type of the file system of `/`, as `stat` names it. */
  rootFilesystem: z.string(),
  /** Asked only while packages are missing; `uri` is empty otherwise. */
  mirror: z.object({ uri: z.string(), failure: z.string() }),
  /** Programs by the TCP port they listen on, of the ports that are needed here; `-` when the kernel does not say. */
  listening: z.record(z.string(), z.string()),
  /** Of the programs that listen on these ports, those that packages brought, in whatever state those are. */
  packaged: z.array(z.string()),
  /** A running Redis that is not ours: it asks for a password, or holds somebody's keys. */
  redisInUse: z.enum(["no", "password", "keys"]),
});
export type Preflight = z.infer<typeof Preflight>;

/** The mirror is asked the way apt asks it, through its proxies, for the small file that every `apt-get update` begins with. */
export const PREFLIGHT_PROBE = `
p clock "$(date +%s)"
p swapKb "$(awk '/^SwapTotal/ { print $2 }' /proc/meminfo)"
systemd-detect-virt --quiet --container 2>/dev/null && p container yes
p root.filesystem "$(stat -fc %T /)"
ss -Hltnp '( sport = :80 or sport = :443 or sport = :5432 or sport = :6379 )' 2>/dev/null |
  while read -r _ _ _ local _ users; do
    program=$(printf '%s' "$users" | cut -s -d'"' -f2)
    p listening "\${local##*:} \${program:--}"
  done
for program in nginx postgres redis-server; do
  dpkg-query -S "*bin/$program" >/dev/null 2>&1 && p packaged "$program"
done
if command -v redis-cli >/dev/null; then
  said=$(timeout 2 redis-cli -h 127.0.0.1 ping 2>&1)
  case $said in
    PONG) timeout 3 redis-cli -h 127.0.0.1 --scan 2>/dev/null | grep -qv '^ai-infrastructure' && p redis.inUse keys ;;
    *NOAUTH*) p redis.inUse password ;;
  esac
fi
installed=$(dpkg-query -W -f='\${db:Status-Status}\\n' ${PACKAGE_NAMES.join(" ")} 2>/dev/null | grep -cx installed)
if [ "$installed" -lt ${PACKAGE_NAMES.length} ]; then
  uri=$(apt-get indextargets --no-release-info --format '$(BASE_URI)InRelease' 'Created-By: Packages' 2>/dev/null |
    grep '^http' | head -n 1)
  if [ -n "$uri" ]; then
    p mirror.uri "$(printf '%s' "$uri" | sed 's|//[^/@]*@|//|')"
    scratch=$(mktemp -d)
    said=$(timeout 15 /usr/lib/apt/apt-helper -q -o Acquire::Retries=0 -o Acquire::http::Timeout=5 -o Acquire::https::Timeout=5 \\
      download-file "$uri" "$scratch/InRelease" 2>&1)
    case $? in
      0) ;;
      124) p mirror.failure "It did not answer within 15 seconds" ;;
      *) p mirror.failure "$(printf '%s' "$said" | grep -Eio '(could not|unable to|temporary failure|cannot initiate|connection (failed|timed)).*' |
        head -n 1 | tr '\\t' ' ' | sed 's|//[^/@]*@|//|')" ;;
    esac
    rm -rf "$scratch"
  fi
fi`;

/** `nowMs` is this computer's time when the server told its own. */
export function toPreflight(lines: Lines, nowMs: number): z.input<typeof Preflight> {
  const one = (name: string) => lines.get(name)?.[0] ?? "";
  const clock = lines.has("clock") ? Number(one("clock")) : nowMs / 1000;
  return {
    clockAheadS: Math.round(clock - nowMs / 1000),
    swapMb: Math.round(Number(one("swapKb")) / 1024),
    container: lines.has("container"),
    rootFilesystem: one("root.filesystem"),
    mirror: { uri: one("mirror.uri"), failure: one("mirror.failure") },
    listening: toRecord(lines.get("listening") ?? [], ([program = "-"]) => program),
    packaged: [...(lines.get("packaged") ?? [])],
    redisInUse: z.enum(["keys", "password"]).safeParse(one("redis.inUse")).data ?? "no",
  };
}
