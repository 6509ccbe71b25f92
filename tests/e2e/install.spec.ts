import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { LOGGED_IN_LATELY } from "../../provisioning/layout.ts";
import { ask, daemonOf } from "../support/host-session.ts";
import { packageInstaller, runInstaller, type Installer } from "../support/installer.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { addLogin, openLabHost, unprovisionOn, type LabHost } from "../support/lab-server-host.ts";
import { treeOf } from "../support/lab-server-machine.ts";
import { mustRun } from "../support/lab-server-run.ts";
import { startPackageProxy, type PackageProxy } from "../support/package-proxy.ts";
import { fingerprintOf } from "../support/provisioned-lab.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

/** This machine, as lab servers see it. */
const HERE = "10.99.0.1";
let lab: Lab;
let app: LabHost;
let installer: Installer;
let proxy: PackageProxy;
let script: string;

test.beforeAll(async () => {
  test.setTimeout(900_000); // the first time, the base tree is made
  lab = await startLab({ name: "install13", address: 122, release: "trixie" });
  [installer, proxy] = await Promise.all([packageInstaller(HERE), hideMirror()]);
  app = await openLabHost({ asBuilt: true });
  script = readFileSync(path.join(installer.folder, "install.sh"), "utf8");
});

test.afterAll(async () => {
  await app?.close();
  await installer?.close();
  await proxy?.close();
  await lab?.stop();
});

/** The server's packages come from a name that only apt's proxy knows. */
async function hideMirror(): Promise<PackageProxy> {
  const upstream = await lab.sh("apt-config dump --format '%v' Acquire::http::Proxy");
  const host = new URL(await lab.sh("sed -n 's/^deb \\(http[^ ]*\\).*/\\1/p' /etc/apt/sources.list | head -n 1")).host;
  const started = await startPackageProxy(HERE, { names: { "packages.inside": host }, upstream });
  await lab.sh(`sed -i 's|https\\?://${host}/|http://packages.inside/|' /etc/apt/sources.list
    echo 'Acquire::http::Proxy "${started.address}";' >/etc/apt/apt.conf.d/99-inside`);
  return started;
}

const planOf = async (id: string) => (await app.host.client.provision.plan({ serverId: id, wishes: {} })).steps;
const openSteps = async (id: string) =>
  (await planOf(id)).filter(({ state }) => state === "needed").map(({ title, changes }) => ({ title, changes }));

test("a script that was cut on its way, an archive that is another one and a plan change nothing", async () => {
  const before = await lab.sh("find /etc /opt /root /home /var/lib/dpkg -type f -exec sha256sum {} + | sort");
  for (const part of [0.2, 0.5, 0.9, 0.99]) {
    await lab.exec("sh -s -- --yes", { input: script.slice(0, Math.floor(script.length * part)) });
  }
  const other = await runInstaller(lab, `sh -s -- --yes --json --sha256 ${"0".repeat(64)}`, script);
  expect(other).toMatchObject({ exitCode: 1, result: { code: "provision.upload_failed" } });
  const asBob = await runInstaller(lab, "setpriv --reuid=65534 --clear-groups sh -s -- --yes --json", script);
  expect(asBob).toMatchObject({ exitCode: 1, result: { code: "provision.no_sudo" } });
  const nobodyHere = await runInstaller(lab, "sh -s -- --json", script);
  expect(nobodyHere).toMatchObject({ exitCode: 2, result: { code: "app.bad_input", hint: expect.any(String) } });
  const plan = await runInstaller(lab, "sh -s -- --plan --package-updates --json", script);
  expect(plan).toMatchObject({ exitCode: 0, result: { ok: true, plan: { blockers: [] } } });
  expect(plan.result["plan"]).toMatchObject({
    steps: expect.arrayContaining([expect.objectContaining({ id: "package-updates" })]),
  });
  expect(await lab.sh("find /etc /opt /root /home /var/lib/dpkg -type f -exec sha256sum {} + | sort")).toBe(before);
  expect(await lab.sh("ls -d /var/tmp/ai-infrastructure.* || true")).toBe("");
});

test("a disk that is full while packages are unpacked is named", async () => {
  expect(await lab.sh(". /etc/os-release; echo $VERSION_ID; command -v curl || true")).toBe("13");
  await lab.sh("mkdir -p /usr/share/postgresql; mount -t tmpfs -o size=64k small /usr/share/postgresql");
  const full = await runInstaller(lab, "sh -s -- --yes --json", script);
  await lab.sh("umount /usr/share/postgresql");
  expect(full).toMatchObject({ exitCode: 1, result: { code: "provision.disk_full" } });
});

test("install.sh goes on from there to the end, through apt's proxy, though its terminal is lost, and says how to connect", async () => {
  // Two seconds after it has begun, however long that takes.
  const begun = "for try in $(seq 300); do pgrep -f '[i]nstall.mjs' >/dev/null && break; sleep 0.1; done";
  const hangUp = `{ ${begun}; sleep 2; pkill -HUP -f '[i]nstall.mjs' && touch /tmp/hung-up; } &`;
  const { exitCode, log, result } = await runInstaller(lab, `${hangUp} sh -s -- --yes --json --name box`, script);
  await lab.sh("test -e /tmp/hung-up");
  expect({ exitCode, code: result["code"], details: result["details"] }).toEqual({ exitCode: 0 });
  expect(log).toContain("Finishing an interrupted package installation");
  expect(proxy.asked.some((url) => url.startsWith("http://packages.inside/"))).toBe(true);
  const fingerprint = await fingerprintOf(lab);
  expect(result).toMatchObject({
    ok: true,
    connect: {
      addresses: [lab.address],
      port: 22,
      user: "root",
      hostKeys: expect.arrayContaining([{ algorithm: "ed25519", fingerprint }]),
      command: `ai-infra provision root@${lab.address} --name box --accept-host-key ${fingerprint}`,
    },
  });
  expect(await lab.sh("grep -c . /root/.ssh/authorized_keys; ls -d /var/tmp/ai-infrastructure.* || true")).toBe("1");
});

test("run again as a download into bash it changes nothing", async () => {
  const again = await runInstaller(lab, `curl -fsS ${installer.url}/install.sh | bash -s -- --yes --json`, "");
  expect(again).toMatchObject({ exitCode: 0, result: { ok: true, changed: 0 } });
});

test("the app finds nothing to do, and its address is spared by having logged in; the team answers in its chat and serves no unknown name", async () => {
  const id = await app.addServer(lab, "root");
  expect(await openSteps(id)).toEqual([]);
  expect(await lab.sh(`${LOGGED_IN_LATELY} ${HERE} && echo spared`)).toBe("spared");
  expect(await lab.sh("docker compose version --short; docker info --format '{{.LiveRestoreEnabled}}'")).toMatch(
    /^2\..*\ntrue$/,
  );
  const task = await ask(daemonOf(app.host, id), "show the status of ssh");
  expect(task).toMatchObject({ state: "done", result: expect.stringContaining("ssh.service is active") });
  expect((await lab.exec(["curl", "-s", "--noproxy", "*", "http://127.0.0.1/"])).exitCode).toBe(52);
  expect(await unprovisionOn(app, id)).toMatchObject({ ok: true });
});

const SHOP = "PGPASSWORD=geheim psql -XAtq -h 127.0.0.1 -U shop -d shop -c";

test("a PostgreSQL with data of others goes on, a Redis with data of others is named and left", async () => {
  await lab.sh(`cd /; runuser -u postgres -- psql -Xq -c "create role shop login password 'geheim'" -c "create database shop owner shop"
    ${SHOP} "create table orders as select 7 as id"
    redis-cli set cart full`);
  await addLogin(lab, "ann", "ALL=(ALL) NOPASSWD: ALL");
  const archive = readdirSync(installer.folder).find((name) => name.endsWith(".tar")) ?? "";
  const unpacked = path.join(treeOf(lab.name), "home/ann/installer");
  await mustRun(["sh", "-c", 'mkdir "$1"; tar -xf "$2" -C "$1"', "sh", unpacked, path.join(installer.folder, archive)]);

  const refused = await runInstaller(lab, AS_ANN, "");
  expect(refused).toMatchObject({ exitCode: 1, result: { code: "provision.service_in_use" } });
  expect(await lab.sh("redis-cli get cart; redis-cli del cart")).toBe("full\n1");

  const adopted = await runInstaller(lab, AS_ANN, "");
  expect(adopted).toMatchObject({ exitCode: 0, result: { ok: true, connect: { user: "ann" } } });
  expect(await lab.sh(`${SHOP} 'select id from orders'`)).toBe("7");
});

/** From files that were copied there, by a user who becomes root with sudo. */
const AS_ANN = "runuser -u ann -- sudo sh /home/ann/installer/install.sh --yes --json";

test("the app logs in as the user of sudo and finds no more to do; taken back, the data of others is still there", async () => {
  const id = await app.addServer(lab, "ann");
  expect(await openSteps(id)).toEqual([]);
  expect(await unprovisionOn(app, id)).toMatchObject({ ok: true });
  expect(await lab.sh(`${SHOP} 'select id from orders'; redis-cli ping`)).toBe("7\nPONG");
});
