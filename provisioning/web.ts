import { z } from "zod";
import type { Lines } from "./fact-lines.ts";
import { CERTIFICATE_HOOK, NGINX, NGINX_FILES } from "./layout.ts";

/** The web server and the renewal of certificates, whoever set them up. */
export const Web = z.object({
  /** Such as "1.22.1"; empty when there is no nginx. */
  version: z.string(),
  /** It belongs to a package of the distribution or of nginx's makers. */
  packaged: z.boolean(),
  /** Its main configuration reads `conf.d` and `sites-enabled`. */
  readsSites: z.boolean(),
  valid: z.boolean(),
  running: z.boolean(),
  /** The only site is the example that the distribution brings, unchanged. */
  exampleSite: z.boolean(),
  /** Enabled sites that are neither that example nor ours. */
  sites: z.array(z.string()),
  /** Files with a name of ours that somebody else wrote. */
  foreign: z.array(z.string()),
  /** Compression is set up in a file that is not ours. */
  ownCompression: z.boolean(),
  /** Our default server is enabled. */
  defaultEnabled: z.boolean(),
  /** Whoever asks for no known name gets no answer. */
  silent: z.boolean(),
  ipv6: z.boolean(),
  renewalTimer: z.boolean(),
});
export type Web = z.infer<typeof Web>;

const { folder, defaultSite, mark } = NGINX;

export const WEB_PROBE = `
isOurs() { head -n 1 "$1" 2>/dev/null | grep -qF '${mark}'; }
for file in ${[...NGINX_FILES, CERTIFICATE_HOOK].join(" ")}; do
  [ -e "$file" ] && ! sed -n '1,2p' "$file" | grep -qF '${mark}' && p web.foreign "$file"
done
[ -e /proc/net/if_inet6 ] && p web.ipv6 yes
if runs certbot.timer; then p web.renewal yes; fi
if program=$(command -v nginx); then
  p web.version "$(nginx -v 2>&1 | sed 's|.*nginx/||; s| .*||')"
  dpkg-query -S "*\${program#/usr}" >/dev/null 2>&1 && p web.packaged yes
  grep -Eqs '^[[:space:]]*include[[:space:]]+(/etc/nginx/)?sites-enabled/\\*;' ${folder}/nginx.conf &&
    grep -Eqs '^[[:space:]]*include[[:space:]]+(/etc/nginx/)?conf\\.d/\\*\\.conf;' ${folder}/nginx.conf && p web.readsSites yes
  nginx -t -q 2>/dev/null && p web.valid yes
  if runs nginx; then p web.running yes; fi
  for site in ${folder}/sites-enabled/* ${folder}/conf.d/*.conf; do
    [ -e "$site" ] && ! isOurs "$site" || continue
    case $site in ${folder}/conf.d/*) grep -Eqs '^[[:space:]]*server[[:space:]]*([{]|$)' "$site" || continue ;; esac
    if [ "$site" = ${folder}/sites-enabled/default ] && [ "$(readlink -f "$site")" = ${folder}/sites-available/default ] &&
      [ "$(ls -A /var/www/html 2>/dev/null)" = index.nginx-debian.html ] &&
      dpkg-query -W -f='\${Conffiles}\\n' nginx-common nginx 2>/dev/null |
        grep -qF " ${folder}/sites-available/default $(md5sum <"$site" | cut -d' ' -f1)"; then
      p web.exampleSite yes
    else
      p web.site "\${site##*/}"
    fi
  done
  for file in ${folder}/nginx.conf ${folder}/conf.d/*.conf ${folder}/sites-enabled/*; do
    isOurs "$file" || ! grep -Eqs '^[[:space:]]*gzip_(types|vary|proxied|comp_level|min_length)' "$file" || p web.compression yes
  done
  [ -e ${folder}/sites-enabled/${defaultSite} ] && isOurs ${folder}/sites-enabled/${defaultSite} && p web.default yes
  curl -s -m 2 --noproxy '*' -o /dev/null http://127.0.0.1/ 2>/dev/null
  [ $? = 52 ] && p web.silent yes
fi
true`;

export function toWeb(lines: Lines): Web {
  const has = (name: string) => lines.has(`web.${name}`);
  return {
    version: lines.get("web.version")?.[0] ?? "",
    packaged: has("packaged"),
    readsSites: has("readsSites"),
    valid: has("valid"),
    running: has("running"),
    exampleSite: has("exampleSite"),
    sites: [...(lines.get("web.site") ?? [])],
    foreign: [...(lines.get("web.foreign") ?? [])],
    ownCompression: has("compression"),
    defaultEnabled: has("default"),
    silent: has("silent"),
    ipv6: has("ipv6"),
    renewalTimer: has("renewal"),
  };
}
