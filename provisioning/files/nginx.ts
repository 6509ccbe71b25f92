import { CERTIFICATE_HOOK, NGINX, NGINX_DEFAULT } from "../layout.ts";
import type { Web } from "../web.ts";
import type { OurFile } from "./our-files.ts";

function nginxFile(place: string, text: string): OurFile {
  return {
    path: `${NGINX.folder}/${place}`,
    mode: "644",
    text: `${NGINX.mark}; changes are undone by provisioning.\n${text}`,
  };
}

/** Mozilla's intermediate settings. The curves stay OpenSSL's own choice, which knows the newest it can do. */
const tls = nginxFile(
  "snippets/ssl-params.conf",
  `# For a server that listens with ssl and names its certificate.
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ${[
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
  ].join(":")};
ssl_prefer_server_ciphers off;
ssl_session_timeout 1d;
ssl_session_cache shared:ai_infrastructure:10m;
ssl_session_tickets off;
`,
);

/** Which content a page may load is each site's own matter. */
const headers = nginxFile(
  "snippets/security-headers.conf",
  `# A block with an add_header of its own has to include this again.
server_tokens off;
add_header Strict-Transport-Security "max-age=63072000" always;
add_header X-Content-Type-Options nosniff always;
add_header X-Frame-Options SAMEORIGIN always;
add_header Referrer-Policy strict-origin-when-cross-origin always;
add_header Permissions-Policy "camera=(), geolocation=(), microphone=()" always;
`,
);

const proxy = nginxFile(
  "snippets/proxy-params.conf",
  `# For a location with proxy_pass.
proxy_http_version 1.1;
proxy_set_header Host $host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $ai_infrastructure_connection;
proxy_read_timeout 60s;
`,
);

/** The zones are used by whoever includes the snippet; other sites are not limited. */
const zones = nginxFile(
  "conf.d/rate-limiting.conf",
  `limit_req_zone $binary_remote_addr zone=ai_infrastructure_requests:10m rate=20r/s;
limit_conn_zone $binary_remote_addr zone=ai_infrastructure_connections:10m;
map $http_upgrade $ai_infrastructure_connection {
    default upgrade;
    "" "";
}
`,
);

const limits = nginxFile(
  "snippets/rate-limit.conf",
  `limit_req zone=ai_infrastructure_requests burst=40 nodelay;
limit_req_status 429;
limit_conn ai_infrastructure_connections 50;
limit_conn_status 429;
`,
);

/** `gzip on` stands in the distribution's main configuration. */
const compression = nginxFile(
  "conf.d/gzip.conf",
  `gzip_vary on;
gzip_proxied any;
gzip_comp_level 5;
gzip_min_length 1024;
gzip_types text/plain text/css text/javascript text/xml application/javascript application/json application/xml
    application/manifest+json application/wasm image/svg+xml;
`,
);

/** nginx can refuse a handshake from 1.19.4 on; before, a name that is not known gets the first TLS site. */
function defaultServer({ version, ipv6 }: Web): OurFile {
  const listen = (rest: string) =>
    ["", ...(ipv6 ? ["[::]:"] : [])].map((host) => `    listen ${host}${rest};\n`).join("");
  const refuse = isAtLeast(version, [1, 19, 4])
    ? `${listen("443 ssl default_server")}    ssl_reject_handshake on;\n`
    : "";
  const text = `# Who asks for no name that a site has gets no answer.
server {
${listen("80 default_server")}${refuse}    server_name _;
    access_log off;
    return 444;
}
`;
  return nginxFile(`sites-available/${NGINX.defaultSite}`, text);
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const found = version.split(".").map(Number);
  const index = wanted.findIndex((part, at) => (found[at] ?? 0) !== part);
  return index === -1 || (found[index] ?? 0) > (wanted[index] ?? 0);
}

/** Where sites of others are enabled, who answers for unknown names is theirs to say. */
export function wantsDefault(web: Web): boolean {
  return web.defaultEnabled || (web.sites.length === 0 && !web.foreign.includes(NGINX_DEFAULT));
}

/** What belongs on this server. Files of others are left alone. */
export function nginxFiles(web: Web): readonly OurFile[] {
  const files = [tls, headers, proxy, zones, limits];
  if (!web.ownCompression) files.push(compression);
  if (wantsDefault(web)) files.push(defaultServer(web));
  return files.filter(({ path }) => !web.foreign.includes(path));
}

/** certbot runs it after each certificate that it renewed. */
export const certificateHook: OurFile = {
  path: CERTIFICATE_HOOK,
  mode: "755",
  text: `#!/bin/sh
${NGINX.mark}; changes are undone by provisioning.
set -e
nginx -t -q
systemctl reload nginx
`,
};
