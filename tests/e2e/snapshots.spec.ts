import { expect, test } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import type { Snapshot } from "../../contract/snapshots.ts";
import { askAllowed, snapshotOf } from "../support/broker-on-lab.ts";
import { type Cli, createCli } from "../support/cli.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { observe, provisionByCli } from "../support/provisioned-lab.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let lab: Lab;
let home: string;
let cli: Cli;

test.beforeAll(async () => {
  test.setTimeout(900_000);
  home = mkdtempSync("/tmp/snapshots-e2e-");
  cli = createCli(path.join(home, "app"));
  lab = await startLab({ name: "snapshots", address: 93, equipped: true });
  expect((await provisionByCli(cli, lab)).exitCode).toBe(0);
});
test.afterAll(async () => {
  await lab?.stop();
  rmSync(home, { recursive: true, force: true });
});

const as = async (user: string, ...command: string[]) => await lab.exec(["runuser", "-u", user, "--", ...command]);

/** Gives work to an agent and allows from the command line what it asks; `onAsked` gets the question. */
async function allowed(request: string, agent: string, onAsked?: (reason: string) => void): Promise<string> {
  const observer = await observe(path.join(home, "app"), lab.name);
  try {
    const chat = cli(["chat", request, "--agent", agent]);
    const asked = await observer.wait(
      "somebody is asked",
      async (daemon) => (await daemon.approvals.list({ state: "open" }))[0] ?? null,
      60_000,
    );
    onAsked?.(asked.reason);
    expect((await cli(["approvals", "allow", asked.id])).exitCode).toBe(0);
    return String((await chat).result["text"]);
  } finally {
    await observer.close();
  }
}

const restore = async (id: string) => await cli(["snapshots", "restore", id, "--yes"]);

async function newest(): Promise<Snapshot> {
  const [first] = (await cli(["snapshots"])).result["snapshots"] as Snapshot[];
  if (!first) throw new Error("There is no snapshot");
  return first;
}

test("a project that an agent deleted comes back as it was, from the command line", async () => {
  const look = `cd /workspace/shop && find . -printf '%P %y %m %u %g %T@ %l\\n' | sort && find . -type f -exec sha256sum {} +`;
  await as(
    "ai-code",
    "bash",
    "-c",
    `umask 002; cd /workspace && mkdir -p shop/src shop/shut && cd shop && head -c 100000 /dev/urandom > src/data
     ln -s src/data link; chmod 555 shut; chmod 640 src/data`,
  );
  const before = await lab.sh(look);
  await allowed("run `rm -rf shop`", "code");
  expect((await lab.exec("test -e /workspace/shop")).exitCode).toBe(1);
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "files", agent: "code", state: "kept", targets: ["/workspace/shop"] });
  expect((await cli(["snapshots", "restore", snapshot.id])).exitCode).toBe(2);
  const restored = await cli(["snapshots", "restore", snapshot.id, "--yes"]);
  expect(restored).toMatchObject({ exitCode: 0, result: { ok: true, snapshot: { restoredBy: expect.any(String) } } });
  expect(await lab.sh(look)).toBe(before);
});

test("no agent's user can read, change or delete a copy, nor put another in its place", async () => {
  const { id } = await newest();
  const copy = `/var/lib/ai-infrastructure/snapshots/${id}.copy`;
  const before = await lab.sh(`sha256sum ${copy} && stat -c '%U %a' ${copy} /var/lib/ai-infrastructure/snapshots`);
  expect(before).toContain("ai-infra 600\nai-infra 700");
  for (const user of ["ai-code", "ai-infra-agent", "ai-qa"]) {
    for (const attack of [`cat ${copy}`, `rm -f ${copy}; ls ${copy}`, `echo x > ${copy}`, `mv ${copy} /tmp/x`]) {
      expect((await as(user, "bash", "-c", attack)).exitCode).not.toBe(0);
    }
  }
  const socket = "/run/ai-infrastructure/agents/code/daemon.sock";
  const put = `curl -s -o /dev/null -w '%{http_code}' --unix-socket ${socket} -X PUT --data x http://d/v1/snapshots/${id}`;
  expect((await as("ai-code", "bash", "-c", put)).stdout).toBe("409");
  expect(await lab.sh(`sha256sum ${copy} && stat -c '%U %a' ${copy} /var/lib/ai-infrastructure/snapshots`)).toBe(
    before,
  );
});

test("a table that an agent dropped comes back with its rows", async () => {
  const rows = async () =>
    (await as("ai-data", "psql", "-XAtd", "workspace", "-c", "set role workspace_reader", "-c", "select * from items"))
      .stdout;
  await allowed("change the database `create table items as select 7 as n`", "data");
  await allowed("change the database `drop table items`", "data");
  expect(await rows()).not.toContain("7");
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "database", agent: "data", targets: ["public.items"] });
  expect((await cli(["snapshots", "restore", snapshot.id, "--yes"])).exitCode).toBe(0);
  expect(await rows()).toContain("7");
});

test("what another agent keeps to itself is not destroyed: it cannot be kept", async () => {
  await as(
    "ai-data",
    "bash",
    "-c",
    "umask 002; mkdir /workspace/mixed && echo x > /workspace/mixed/own && chmod 600 /workspace/mixed/own",
  );
  expect(await allowed("run `rm -rf mixed`", "code")).toContain("Permission denied");
  expect((await lab.exec("test -e /workspace/mixed/own")).exitCode).toBe(0);
});

test("what the broker kept stands in the same list and is put back in the same way", async () => {
  await lab.sh(`printf '[Service]\\nExecStart=/bin/sleep infinity\\n' > /etc/systemd/system/app-demo.service
    systemctl daemon-reload && systemctl start app-demo`);
  await allowed("stop the service app-demo", "infra");
  expect((await lab.exec("systemctl is-active app-demo")).exitCode).not.toBe(0);
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "root", agent: "infra", state: "kept" });
  expect(snapshot.action).toContain("stop app-demo");
  expect((await cli(["snapshots", "restore", snapshot.id, "--yes"])).exitCode).toBe(0);
  expect((await lab.exec("systemctl is-active app-demo")).exitCode).toBe(0);
  expect(await newest()).toMatchObject({ id: snapshot.id, restoredBy: expect.any(String) });
});

test("what a command as root deletes is kept first and comes back with its owners, after a restore of the restore too", async () => {
  const look = `find /srv/app -printf '%P %y %m %u %g %T@ %l\\n' | sort; cat /srv/app/data`;
  await lab.sh(`mkdir -p /srv/app && cd /srv/app && echo kept > data && ln -s data link && cp /bin/true tool
    chown www-data:ai-team data && chmod 4750 tool && chmod 2710 .`);
  const before = await lab.sh(look);
  let question = "";
  await allowed("run as root rm -rf /srv/app", "supervisor", (reason) => void (question = reason));
  expect(question).toContain("kept before it: /srv/app");
  expect((await lab.exec("test -e /srv/app")).exitCode).toBe(1);
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "root", agent: "supervisor", state: "kept", action: "rm -rf /srv/app" });
  await lab.sh("mkdir /srv/app; echo later > /srv/app/data");
  const later = await lab.sh(look);
  expect((await restore(snapshot.id)).exitCode).toBe(0);
  expect(await lab.sh(look)).toBe(before);
  const ofRestore = await newest();
  expect(ofRestore).toMatchObject({ kind: "root", agent: null, action: `restore the snapshot ${snapshot.id}` });
  expect((await restore(ofRestore.id)).exitCode).toBe(0);
  expect(await lab.sh(look)).toBe(later);
});

test("what a command as root writes over is kept first and comes back with its bytes, owner and mode", async () => {
  const look = "cat /etc/shop.conf; stat -c '%U %G %a %F %Y' /etc/shop.conf";
  await lab.sh(`echo later > /srv/shop.conf; echo before > /etc/shop.conf
    chown www-data:ai-team /etc/shop.conf && chmod 640 /etc/shop.conf && touch -d 2020-01-02 /etc/shop.conf`);
  const before = await lab.sh(look);
  let question = "";
  await allowed("run as root install -m 600 /srv/shop.conf /etc/", "supervisor", (reason) => void (question = reason));
  expect(question).toContain("kept before it, if it is there: /etc/shop.conf");
  const later = await lab.sh(look);
  expect(later).toContain("later\nroot root 600 regular file");
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "root", agent: "supervisor", state: "kept" });
  expect((await restore(snapshot.id)).exitCode).toBe(0);
  expect(await lab.sh(look)).toBe(before);
  expect((await restore((await newest()).id)).exitCode).toBe(0);
  expect(await lab.sh(look)).toBe(later);
});

test("it comes back whichever way a command as root wrote over it, and through a link", async () => {
  const look = "cd /etc; cat shop.conf; stat -c '%n %U %G %a %F %Y' shop.conf shop.link; readlink shop.link";
  const commands = [
    "cp /srv/shop.conf /etc/shop.conf",
    "mv /srv/shop.conf /etc",
    "echo later | tee /etc/shop.conf",
    "echo later > /etc/shop.conf",
    "cd /etc && echo later >> shop.link",
    "sed -i s/before/later/ /etc/shop.conf",
    "truncate -s 3 /etc/shop.conf",
    "dd if=/srv/shop.conf of=/etc/shop.link",
    "ln -sf /srv/shop.conf /etc/shop.conf",
    "ln -sf /srv/shop.conf /etc/shop.link",
    "cp -r /srv/. /etc/shop.d && cp -T /srv/shop.conf /etc/shop.conf",
    "find /srv -name shop.conf -exec cp {} /etc/shop.link \\;",
  ];
  await lab.sh(`cd /etc && rm -f shop.conf && echo before > shop.conf && ln -s shop.conf shop.link
    chown www-data:ai-team shop.conf && chmod 640 shop.conf`);
  const before = await lab.sh(look);
  for (const command of commands) {
    await lab.sh("echo later > /srv/shop.conf");
    const input = { argv: ["sh", "-c", command], reason: "" };
    const snapshot = snapshotOf(await askAllowed(lab, { agent: "supervisor", tool: "run_as_root", input }, "person"));
    expect(await lab.sh(look), command).not.toBe(before);
    expect((await restore(snapshot)).exitCode, command).toBe(0);
    expect(await lab.sh(look), command).toBe(before);
  }
});

test("files of others that an agent deleted are theirs again after a restore, and a link in their place leads nowhere", async () => {
  const look = `cd /workspace/team && find . -printf '%P %y %m %u %g %T@ %l\\n' | sort && sha256sum */*`;
  await as("ai-code", "bash", "-c", "umask 002; mkdir -p /workspace/team/src && echo mine > /workspace/team/src/mine");
  await as("ai-qa", "bash", "-c", "cd /workspace/team/src && echo theirs > theirs && chmod 660 theirs");
  await lab.sh(`cd /workspace/team && cp /bin/true src/tool && chown root:ai-team src/tool && chmod 4755 src/tool
    mkdir -m 2775 of-root && chown root:ai-team of-root && echo x > of-root/x && chown ai-data of-root/x`);
  const before = await lab.sh(look);
  await allowed("run `rm -rf team`", "code");
  expect((await lab.exec("test -e /workspace/team")).exitCode).toBe(1);
  const snapshot = await newest();
  expect(snapshot).toMatchObject({ kind: "files", agent: "code", state: "kept", targets: ["/workspace/team"] });
  await as("ai-code", "bash", "-c", "ln -s /etc /workspace/team");
  const etc = await lab.sh("find /etc -printf '%p %u %m %T@\\n' | sort | sha256sum");
  expect((await restore(snapshot.id)).exitCode).toBe(0);
  expect(await lab.sh(look)).toBe(before);
  expect(await lab.sh("find /etc -printf '%p %u %m %T@\\n' | sort | sha256sum")).toBe(etc);
});

test("tables and databases that a command as root drops come back, and others stay as they are", async () => {
  const asPostgres = (...words: string[]) => ["runuser", "-u", "postgres", "--", ...words];
  const psql = (sql: string) => asPostgres("psql", "-XAtq", "-d", "shop", "-c", sql);
  const answer = async (sql: string) => (await lab.exec(psql(sql))).stdout.trim();
  const asRoot = async (argv: string[]) =>
    snapshotOf(
      await askAllowed(lab, { agent: "supervisor", tool: "run_as_root", input: { argv, reason: "" } }, "person"),
    );
  await lab.exec(asPostgres("createdb", "shop"));
  await answer(
    "create table items (id int primary key); insert into items values (7), (8); create table other (n int)",
  );
  await answer("create view seen as select count(*) as n from items; grant select on seen to public");
  const rights = await answer("select relname, relacl from pg_class where relname in ('items', 'seen') order by 1");
  const dropped = await asRoot(psql("drop table items cascade"));
  await answer("insert into other values (2)");
  expect(await answer("select n from seen")).toBe("");
  expect((await restore(dropped)).exitCode).toBe(0);
  const whole = await asRoot(asPostgres("dropdb", "shop"));
  expect((await restore(whole)).exitCode).toBe(0);
  expect(await answer("select n, (select n from other) from seen")).toBe("2|2");
  expect(await answer("select relname, relacl from pg_class where relname in ('items', 'seen') order by 1")).toBe(
    rights,
  );
});
