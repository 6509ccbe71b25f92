import { expect, test } from "@playwright/test";
import { configureNginx } from "../../provisioning/commands/nginx.ts";
import { NGINX_DEFAULT } from "../../provisioning/layout.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { openLabHost, provisionAs, stepsThat, unprovisionOn, type LabHost } from "../support/lab-server-host.ts";
import { labShell } from "../support/lab-server-shell.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 600_000 });

let lab: Lab;
let app: LabHost;
let id: string;

test.beforeAll(async () => {
  [lab, app] = await Promise.all([startLab({ name: "services", address: 121 }), openLabHost()]);
  id = await app.addServer(lab, "root");
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

const plan = () => app.host.client.provision.plan({ serverId: id, wishes: {} });

/** Files with content, rights and targets of links. */
const list = (folder: string) =>
  lab.sh(`cd ${folder} && find . -type f ! -name '*-' -exec stat -c '%n %U:%G %a' {} + -exec sha256sum {} + | sort
    find . -type l -printf '%p %l\\n' | sort`);
const packages = () => lab.sh("dpkg-query -W -f='${Package} ${Version} ${db:Status-Status}\\n'");
/** What curl ends with, and what it got. */
const ask = async (...words: string[]) => {
  const { exitCode, stdout } = await lab.exec(["curl", "-sk", "-m", "5", "--noproxy", "*", ...words]);
  return { exitCode, text: stdout.trim() };
};
const NO_ANSWER = { exitCode: 52, text: "" };
const HANDSHAKE_REFUSED = { exitCode: 35, text: "" };

test("a taken port and a package mirror that has no address are named before anything changes", async () => {
  const before = await list("/etc");
  await lab.sh(`cp /etc/apt/sources.list /tmp/sources.list
    echo 'deb http://mirror.invalid/debian bookworm main' >/etc/apt/sources.list
    systemd-run --quiet --unit=taker python3 -m http.server 80
    until ss -Hltn sport = :80 | grep -q .; do sleep 0.05; done`);
  const { blockers } = await plan();
  const refused = await provisionAs(app, id, {});
  await lab.sh("systemctl stop taker; cp /tmp/sources.list /etc/apt/sources.list");
  expect(blockers.map(({ code }) => code)).toEqual(["provision.dns_failed", "provision.port_taken"]);
  expect(blockers[0]?.message).toContain("mirror.invalid");
  expect(blockers[1]?.message).toBe("Port 80, needed for the web server, is taken by python3");
  expect(refused).toMatchObject({ ok: false, changed: 0 });
  expect(await list("/etc")).toBe(before);
});

/** What unattended-upgrades itself would let in. */
const ALLOWED_UPDATES = `python3 -c '
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
loader = SourceFileLoader("unattended_upgrade", "/usr/bin/unattended-upgrade")
program = module_from_spec(spec_from_loader(loader.name, loader))
loader.exec_module(program)
print("\\n".join(program.get_allowed_origins()))'`;

test("before, a file of somebody lets all updates in, and neighbours may redirect traffic", async () => {
  await lab.sh(`echo 'Unattended-Upgrade::Origins-Pattern:: "origin=*";' >/etc/apt/apt.conf.d/99all`);
  expect(await lab.sh("sysctl -n net.ipv6.conf.host0.accept_redirects")).toBe("1");
});

test("after provisioning, whoever asks for no known name gets no answer, with and without TLS", async () => {
  const result = await provisionAs(app, id, {});
  expect(result.error).toBeUndefined();
  expect(stepsThat("changed", result)).toEqual(expect.arrayContaining(["web-server", "certificates"]));
  expect(await ask("http://127.0.0.1/")).toEqual(NO_ANSWER);
  expect(await ask("http://[::1]/")).toEqual(NO_ANSWER);
  expect(await ask("https://127.0.0.1/")).toEqual(HANDSHAKE_REFUSED);
  await expect(fetch(`http://${lab.address}/`)).rejects.toThrow("fetch failed");
});

test("only security updates come by themselves, and the kernel, the journal and its files go by what the plan said", async () => {
  expect(await lab.sh(ALLOWED_UPDATES)).toBe(
    "origin=Debian,codename=bookworm,label=Debian-Security\norigin=Debian,codename=bookworm-security,label=Debian-Security",
  );
  expect(await lab.sh("sysctl -n net.ipv4.conf.default.send_redirects net.ipv6.conf.host0.accept_redirects")).toBe(
    "0\n0",
  );
  const usage = "journalctl -q -b -n 1 -o json MESSAGE_ID=ec387f577b844b8fa948f33cad9a75e6";
  expect(JSON.parse(await lab.sh(usage))).toMatchObject({ MAX_USE: String(1024 ** 3) });
  await lab.sh("runuser -u ai-infra -- sh -c 'echo said >/var/log/ai-infrastructure/hook.log'");
  await lab.sh("logrotate --force /etc/logrotate.d/ai-infrastructure");
  expect(await lab.sh("cd /var/log/ai-infrastructure; zcat hook.log.1.gz; wc -c <hook.log")).toBe("said\n0");
});

/** Programs of the server itself in an otherwise empty image. */
const RUN_BOX = `tar -c -T /dev/null | docker import - lab/empty >/dev/null
docker run -d --name box -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro lab/empty /usr/bin/sleep 900 >/dev/null`;

test("a container keeps little of what it logs, and goes on while Docker is restarted", async () => {
  await lab.sh(RUN_BOX);
  const box = () =>
    lab.sh("docker inspect -f '{{.State.Pid}} {{.State.Running}} {{json .HostConfig.LogConfig.Config}}' box");
  const before = await box();
  expect(before).toMatch(/ true {"max-file":"3","max-size":"10m"}$/);
  await lab.sh("systemctl restart docker");
  expect(await box()).toBe(before);
  await lab.sh("docker rm -f box; docker rmi lab/empty");
});

test("settings that somebody loosened are drift: named by the plan, and set right", async () => {
  await lab.sh(`sysctl -q -w net.ipv4.conf.host0.send_redirects=1
    echo '[Journal]' >/etc/systemd/journald.conf.d/ai-infrastructure.conf
    cd /; runuser -u postgres -- psql -qc "alter system set listen_addresses = '*'"; systemctl restart postgresql`);
  const { steps } = await plan();
  const needed = steps.filter(({ state }) => state === "needed").map(({ id: step, changes }) => [step, changes.at(-1)]);
  expect(needed).toEqual([
    ["logs", "Restart systemd-journald"],
    ["postgres", "listen_addresses = localhost"],
    ["kernel", "net.ipv4.conf.*.send_redirects = 0: this server is no router that advises others"],
  ]);
  expect(await provisionAs(app, id, {})).toMatchObject({ ok: true, changed: 3 });
  expect(await lab.sh("ss -Hltn sport = :5432 | awk '{ print $4 }'")).toMatch(/^127\.0\.0\.1:5432(\n\[::1\]:5432)?$/);
});

test("a changed configuration is in force as soon as the step has ended", async () => {
  const file = { path: NGINX_DEFAULT, mode: "644", text: `${await lab.sh(`cat ${NGINX_DEFAULT}`)}\n` };
  for (let time = 0; time < 5; time += 1) {
    await lab.sh(`sed -i 's/return 444/return 200/' ${NGINX_DEFAULT}; systemctl reload nginx`);
    await expect.poll(async () => (await ask("http://127.0.0.1/")).exitCode).toBe(0);
    await labShell(lab).run(configureNginx({ files: [file], withDefault: true, isExampleOn: false }));
    expect(await ask("http://127.0.0.1/")).toEqual(NO_ANSWER);
  }
});

const MAKE_CERTIFICATE = `mkdir -p /etc/ssl/shop
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=shop.test \\
  -keyout /etc/ssl/shop/key.pem -out /etc/ssl/shop/cert.pem 2>/dev/null`;
const SHOP = `server {
  listen 443 ssl;
  server_name shop.test;
  ssl_certificate /etc/ssl/shop/cert.pem;
  ssl_certificate_key /etc/ssl/shop/key.pem;
  include snippets/ssl-params.conf;
  include snippets/security-headers.conf;
  location / { root /var/www/shop; }
  location /few { include snippets/rate-limit.conf; root /var/www/shop; }
  location /app { include snippets/proxy-params.conf; proxy_pass http://127.0.0.1:8099; }
}
server { listen 127.0.0.1:8099; return 200 "$http_host $http_x_forwarded_proto"; }
`;
const shop = (page: string, ...words: string[]) =>
  ask("--resolve", "shop.test:443:127.0.0.1", `https://shop.test${page}`, ...words);

test("a site that includes the snippets is served with modern TLS, headers, compression, limits and a proxy", async () => {
  await lab.sh(
    `${MAKE_CERTIFICATE}; mkdir -p /var/www/shop; seq 2000 | tee /var/www/shop/numbers.txt >/var/www/shop/few`,
  );
  await lab.exec(["sh", "-c", "cat >/etc/nginx/sites-available/shop"], { input: SHOP });
  await lab.sh("ln -s ../sites-available/shop /etc/nginx/sites-enabled/; nginx -t && systemctl reload nginx");
  await expect.poll(async () => (await shop("/numbers.txt")).text.slice(0, 5)).toBe("1\n2\n3");
  const { text } = await shop("/numbers.txt", "-D", "-", "-o", "/dev/null", "-H", "Accept-Encoding: gzip");
  expect(text).toMatch(/strict-transport-security: max-age=63072000/i);
  expect(text).toMatch(/x-content-type-options: nosniff/i);
  expect(text).toMatch(/content-encoding: gzip/i);
  expect(text).toMatch(/^server: nginx\r?$/im);
  expect((await shop("/", "--tls-max", "1.1")).exitCode).toBe(35);
  expect((await shop("/app")).text).toBe("shop.test https");
  const many = await shop("/few?[1-120]", "-o", "/dev/null", "-w", "%{http_code} ");
  expect(new Set(many.text.split(" "))).toEqual(new Set(["200", "429"]));
  expect(await ask("https://127.0.0.1/")).toEqual(HANDSHAKE_REFUSED);
});

test("certificates are looked at by a timer, and nginx serves a renewed one when the hook has run", async () => {
  expect(await lab.sh("systemctl is-active certbot.timer; systemctl start certbot.service && echo looked")).toBe(
    "active\nlooked",
  );
  const served = () =>
    lab.sh(
      "openssl s_client -connect 127.0.0.1:443 -servername shop.test </dev/null 2>/dev/null | openssl x509 -noout -serial",
    );
  const old = await served();
  await lab.sh(`${MAKE_CERTIFICATE}; run-parts --exit-on-error /etc/letsencrypt/renewal-hooks/deploy`);
  await expect.poll(served).not.toBe(old);
  expect(await served()).toBe(await lab.sh("openssl x509 -noout -serial -in /etc/ssl/shop/cert.pem"));
});

test("a second run changes neither files nor packages", async () => {
  const before = [await list("/etc"), await packages()];
  const again = await provisionAs(app, id, {});
  expect({ ok: again.ok, changed: again.changed }).toEqual({ ok: true, changed: 0 });
  expect([await list("/etc"), await packages()]).toEqual(before);
});

test("taking it back leaves a site that uses the snippets serving; without one, nginx is as the distribution brings it", async () => {
  expect(await unprovisionOn(app, id)).toMatchObject({ ok: true });
  expect((await shop("/app")).text).toBe("shop.test https");
  expect((await ask("http://127.0.0.1/")).text).toContain("Welcome to nginx");
  expect(await lab.sh("sysctl -n net.ipv6.conf.host0.accept_redirects")).toBe("1");
  expect(await lab.sh(ALLOWED_UPDATES)).toContain("origin=*");
  expect(
    await lab.sh("find /etc -name '*ai-infrastructure*' ! -path '/etc/nginx/*'; ls /etc/docker | grep daemon || true"),
  ).toBe("");

  await lab.sh("rm /etc/nginx/sites-enabled/shop /etc/nginx/sites-available/shop; systemctl reload nginx");
  expect((await provisionAs(app, id, {})).error).toBeUndefined();
  expect(await ask("http://127.0.0.1/")).toEqual(NO_ANSWER);
  expect(await unprovisionOn(app, id)).toMatchObject({ ok: true });
  expect((await ask("http://127.0.0.1/")).text).toContain("Welcome to nginx");
  const strangers =
    "find /etc/nginx /etc/letsencrypt -type f | while read -r file; do dpkg-query -S $file >/dev/null 2>&1 || echo $file; done";
  expect(await lab.sh(`${strangers}; dpkg -V nginx-common certbot`)).toBe("");
});

test("sites, snippets, a default server and databases that were there before are adopted as they are", async () => {
  await lab.sh(`echo '# theirs' >/etc/nginx/snippets/ssl-params.conf
    rm /etc/nginx/sites-enabled/default
    echo 'gzip_vary off; server { listen 80 default_server; return 200 theirs; }' >/etc/nginx/sites-enabled/old
    systemctl reload nginx
    cd /; runuser -u postgres -- psql -q -c 'create database shop' -c "alter system set listen_addresses = '*'"
    systemctl restart postgresql`);
  await movePostgres(5433);
  expect((await plan()).blockers.map(({ message }) => message)).toEqual([
    "PostgreSQL on this server listens on port 5433, the team reaches it on 5432",
  ]);
  await movePostgres(5432);
  const before = await list("/etc/nginx");
  const { steps } = await plan();
  expect(steps.find((step) => step.id === "postgres")?.note).toBe(
    "It holds databases of others (shop), which stay as they are, and its settings stay: listen_addresses = *.",
  );
  expect(steps.find((step) => step.id === "web-server")?.note).toBe(
    "Sites here go on as they are, and say who answers to unknown names: old. " +
      "Written by somebody else and left alone: /etc/nginx/snippets/ssl-params.conf. " +
      "Compression is set up here already and stays.",
  );
  expect((await provisionAs(app, id, {})).error).toBeUndefined();
  expect((await ask("http://127.0.0.1/")).text).toBe("theirs");
  expect(await lab.sh("cd /; runuser -u postgres -- psql -Atd shop -c 'show listen_addresses'")).toBe("*");
  expect(await lab.sh("cat /etc/nginx/snippets/ssl-params.conf; ls /etc/nginx/sites-enabled")).toBe("# theirs\nold");
  expect(await unprovisionOn(app, id)).toMatchObject({ ok: true });
  expect((await ask("http://127.0.0.1/")).text).toBe("theirs");
  expect(await list("/etc/nginx")).toBe(before);
});

async function movePostgres(port: number): Promise<void> {
  await lab.sh(
    `sed -i 's/^port = .*/port = ${port}/' /etc/postgresql/*/main/postgresql.conf; systemctl restart postgresql`,
  );
}
