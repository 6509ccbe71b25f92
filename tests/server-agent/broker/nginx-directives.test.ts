import { describe, expect, it } from "vitest";
import { findForbidden } from "../../../server-agent/broker/nginx-directives.ts";
import { parseNginx } from "../../../server-agent/broker/nginx-text.ts";

const SITE = `
# A shop behind TLS, as people write it.
map $http_upgrade $connection_upgrade { default upgrade; '' close; }
upstream shop { server 127.0.0.1:3000; keepalive 8; }
server {
  listen 80;
  listen [::]:80;
  server_name shop.example.org;
  return 301 https://$host$request_uri;
}
server {
  listen 443 ssl http2;
  server_name shop.example.org;
  ssl_certificate /etc/letsencrypt/live/shop.example.org/fullchain.pem;
  ssl_certificate_key /etc/letsencrypt/live/shop.example.org/privkey.pem;
  access_log /var/log/nginx/shop.log;
  root /var/www/shop;
  add_header Content-Security-Policy "default-src 'self'; img-src *" always;
  location / { try_files $uri $uri/ @app; }
  location ~ \\.php$ { include snippets/fastcgi-php.conf; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }
  location @app { proxy_pass http://shop; proxy_set_header Host $host; proxy_set_header X-Id "\${request_id}"; }
}
`;

/** Each would let nginx's master, which is root, do something for whoever wrote the site. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["a log anywhere", "server { access_log /etc/cron.d/evil; }"],
  ["a log of errors anywhere", "error_log /root/.bashrc;"],
  ["a log with a way out", "access_log /var/log/nginx/../../../etc/cron.d/evil.log;"],
  ["a log whose name holds a variable", "access_log /var/log/nginx/$host.log;"],
  ["a file that nginx would print", "include /etc/shadow;"],
  ["a file above", "include snippets/../../shadow;"],
  ["a file in a table", "map $a $b { include /etc/shadow; }"],
  ["a file in the table of types", "types { include /etc/shadow; }"],
  ["a cache, which is a folder made by root", "proxy_cache_path /etc/evil keys_zone=a:1m;"],
  ["a folder for bodies", "server { client_body_temp_path /etc/evil; }"],
  ["a module", "load_module /tmp/evil.so;"],
  ["a program in Perl", "perl_set $a 'sub { system(q(id)) }';"],
  ["a program in Lua", "server { location / { content_by_lua_block { os.execute('id') } } }"],
  ["the files of the disk", "server { root /; }"],
  ["files of the configuration", "server { location / { alias /etc/; } }"],
  ["a root that the caller chooses", "server { root /var/www/$arg_x; }"],
  ["a key elsewhere", "server { ssl_certificate_key /root/.ssh/id_ed25519; }"],
  ["passwords elsewhere", "server { auth_basic_user_file /etc/shadow; }"],
  ["Docker's socket", "server { location / { proxy_pass http://unix:/run/docker.sock:/; } }"],
  ["a socket as a member of a group", "upstream a { server unix:/run/docker.sock; }"],
  ["a socket made by root", "server { listen unix:/etc/evil.sock; }"],
  ["a socket of another program", "server { location / { fastcgi_pass unix:/run/dbus/system_bus_socket; } }"],
  ["uploads", "server { location / { dav_methods PUT; } }"],
  ["another user", "user root;"],
  ["the environment", "env PATH;"],
  ["a directive in quotes", `server { "access_log" /etc/cron.d/evil; }`],
  ["a directive behind a brace in a word", "server { set $a ${; access_log /etc/cron.d/evil; }"],
  ["a directive behind a comment that is none", "server { set $a x#; access_log /etc/cron.d/evil;\n }"],
  ["a directive behind a quote inside a word", `server { set $a b"; access_log /etc/cron.d/evil; set $b "; }`],
  ["a directive behind a backslash", `server { set $a \\"; access_log /etc/cron.d/evil; set $b \\"; }`],
  ["a block without its end", "server { listen 80;"],
  ["an end without its block", "server { } }"],
  ["a statement without its end", "server { listen 80 }"],
  ["a quote without its end", `server { set $a "b; }`],
  ["signs that look like others", "server { listen\u00a080; }"],
  ["a NUL", "server { listen 80; }\0"],
];

describe("the text of a site", () => {
  it("may hold what sites hold", () => expect(findForbidden(SITE)).toBeNull());

  it.each(FORBIDDEN)("may not hold %s", (_what, text) => expect(findForbidden(text)).not.toBeNull());

  it("is cut into words as nginx cuts it", () => {
    expect(parseNginx(`a b}c "d;e" 'f\\'g' \${h} i\\ j $\{{k;# l;\nm{}`)).toEqual([
      { name: "a", words: ["b}c", "d;e", "f'g", "${h}", "i\\ j", "${{k"], block: null },
      { name: "m", words: [], block: [] },
    ]);
  });
});
