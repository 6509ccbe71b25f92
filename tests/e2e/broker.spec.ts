import { expect, test } from "@playwright/test";
import type { AgentName } from "../../contract/agents.ts";
import {
  askAllowed,
  askBroker,
  type BrokerLab,
  INFRA,
  permit,
  type RootAction,
  runSql,
  sendRaw,
  snapshotOf,
  startBrokerLab,
  STATE_OF_SERVER,
} from "../support/broker-on-lab.ts";
import { ask, daemonOf } from "../support/host-session.ts";
import { provisionOn, unprovisionOn } from "../support/lab-server-host.ts";
import { poll } from "../support/lab-server-run.ts";
import { type Lab, labAvailable } from "../support/lab-server.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let server: BrokerLab;
let lab: Lab;

test.beforeAll(async () => {
  test.setTimeout(900_000);
  server = await startBrokerLab({ name: "broker", address: 91 });
  ({ lab } = server);
});
test.afterAll(async () => await server?.stop());

const by = (agent: AgentName, tool: string, input: unknown): RootAction => ({ agent, tool, input });
const systemd = (action: string, unit: string): RootAction => by("infra", "systemd", { action, unit });
const writeSite = (name: string, text: string): RootAction =>
  by("infra", "nginx", { request: { action: "write_site", name, text } });
const asRoot = (argv: readonly string[]): RootAction =>
  by("supervisor", "run_as_root", { argv, reason: "for the test" });

const withPerson = async (action: RootAction) => await askAllowed(lab, action, "person");
const doWithPerson = async (action: RootAction) => snapshotOf(await withPerson(action));
const stateOfServer = async () => await lab.sh(STATE_OF_SERVER);

test("an agent looks at a service without being allowed anything first", async () => {
  const { end, output } = await askBroker(lab, INFRA, systemd("status", "ssh"));
  expect(end).toMatchObject({ type: "done", text: "ssh.service is active", snapshot: null });
  expect(output).toContain("OpenBSD Secure Shell server");
});

test("through the chat, the infra agent tells the state of a service", async () => {
  const task = await ask(daemonOf(server.app.host, server.serverId), "show the status of ssh");
  expect(task).toMatchObject({ state: "done", result: expect.stringContaining("ssh.service is active") });
});

test("installs a package when the daemon has let the call run, and not before", async () => {
  const install = by("infra", "packages", { action: "install", names: ["tree"] });
  expect((await askBroker(lab, INFRA, install)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
  expect((await lab.exec("command -v tree")).exitCode).not.toBe(0);
  await permit(lab, install, "level");
  const { end, printed } = await askBroker(lab, INFRA, install);
  expect(end, printed).toMatchObject({ type: "done", text: "Installed tree" });
  expect(await lab.sh("command -v tree")).toBe("/usr/bin/tree");
});

const status = systemd("status", "nginx");
const request = (agent: AgentName | null, { tool, input }: RootAction) =>
  JSON.stringify({ agent, call: { tool, input } });

test("refuses whoever is not the agent it says, or may not do it, and changes nothing", async () => {
  await lab.sh("useradd ann; usermod --append --groups ai-team ann");
  const restart = systemd("restart", "nginx");
  const refused: [who: string, user: string, text: string, code: string][] = [
    ["an agent of level 1", "ai-code", request("code", status), "broker.refused"],
    ["an agent of level 1 that says it is infra", "ai-code", request("infra", status), "broker.refused"],
    ["infra that says it is the supervisor", INFRA, request("supervisor", status), "broker.refused"],
    ["infra that says it is a person", INFRA, request(null, status), "broker.refused"],
    ["infra asking for any command", INFRA, request("infra", asRoot(["id"])), "broker.refused"],
    ["a person's own user", "ann", request("infra", status), "broker.refused"],
    ["a person's own user that says it is nobody", "ann", request(null, status), "broker.refused"],
    ["the daemon as an agent", "ai-infra", request("infra", status), "broker.refused"],
    ["the daemon restarting a service", "ai-infra", request(null, restart), "broker.refused"],
    ["infra without a permission", INFRA, request("infra", restart), "broker.not_allowed_yet"],
    ["infra stopping SSH", INFRA, request("infra", systemd("stop", "ssh")), "broker.refused"],
    ["infra stopping the daemon", INFRA, request("infra", systemd("stop", "ai-infrastructure")), "broker.refused"],
    [
      "infra stopping the broker",
      INFRA,
      request("infra", systemd("stop", "ai-infrastructure-broker.socket")),
      "broker.refused",
    ],
    ["no JSON", INFRA, "restart nginx", "app.bad_input"],
    [
      "a verb with one word more",
      INFRA,
      request("infra", by("infra", "systemd", { ...(restart.input as object), now: true })),
      "app.bad_input",
    ],
  ];
  await permit(lab, systemd("stop", "ssh"), "person");
  await permit(lab, asRoot(["id"]), "person");
  const before = await stateOfServer();
  for (const [who, user, text, code] of refused) {
    const { end } = await sendRaw({ lab }, user, `${text}\n`);
    expect(end, who).toMatchObject({ type: "failed", error: { code } });
    expect(await stateOfServer(), who).toBe(before);
  }
});

test("a user outside of the team cannot even connect", async () => {
  expect(await sendRaw({ lab }, "nobody", `${request("infra", status)}\n`)).toMatchObject({
    printed: expect.stringContaining("EACCES"),
    end: null,
  });
});

test("does what was allowed once: not again, not with another byte, not for another agent", async () => {
  const restart = systemd("restart", "nginx");
  const mainPid = async () => await lab.sh("systemctl show --property=MainPID --value nginx");
  const before = await mainPid();
  await permit(lab, restart, "level");
  const others = [
    systemd("restart", "nginx.service"),
    systemd("reload", "nginx"),
    { ...restart, agent: "supervisor" as const },
  ];
  for (const other of others) {
    const user = other.agent === "supervisor" ? "ai-supervisor" : INFRA;
    expect((await askBroker(lab, user, other)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
  }
  expect(await mainPid()).toBe(before);
  const together = await Promise.all([1, 2, 3].map(async () => await askBroker(lab, INFRA, restart)));
  expect(together.filter(({ end }) => end?.type === "done")).toHaveLength(1);
  expect(await mainPid()).not.toBe(before);
  expect((await askBroker(lab, INFRA, restart)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
});

test("a permission is worth nothing when its call has ended or is old", async () => {
  const reload = systemd("reload", "nginx");
  for (const change of ["state = 'done'", "started_at = now() - interval '11 minutes'"]) {
    await permit(lab, reload, "level");
    await runSql(lab, `update calls set ${change} where root_used_at is null and tool = 'systemd'`);
    expect((await askBroker(lab, INFRA, reload)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
  }
});

test("while the daemon is down, nothing that needs a permission is done, and looking goes on", async () => {
  const restart = systemd("restart", "nginx");
  await permit(lab, restart, "level");
  // Consoles would take the made-up turn and end it.
  await lab.sh("systemctl stop ai-agents ai-infrastructure");
  expect((await askBroker(lab, INFRA, restart)).end).toMatchObject({ error: { code: "daemon.unreachable" } });
  expect((await askBroker(lab, INFRA, status)).end).toMatchObject({ type: "done" });
  await lab.sh("systemctl start ai-infrastructure");
  await poll("the daemon answers the broker", async () => {
    const { end } = await askBroker(lab, INFRA, restart);
    return end?.type === "done" ? true : null;
  });
  await lab.sh("systemctl start ai-agents");
});

const page = (text: string) => `server { listen 8081; location / { return 200 "${text}\\n"; } }\n`;
const served = async () => (await lab.exec("curl -s http://127.0.0.1:8081/")).stdout.trim();

test("stops nothing on the policy's word alone", async () => {
  const stop = systemd("stop", "nginx");
  await permit(lab, stop, "level");
  expect((await askBroker(lab, INFRA, stop)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
  expect(await lab.sh("systemctl is-active nginx")).toBe("active");
});

test("writes a site that serves at once; a bad one leaves the old one serving", async () => {
  await doWithPerson(writeSite("shop", page("first")));
  await expect.poll(served).toBe("first");
  const before = await lab.sh("find /etc/nginx -type f -exec sha256sum {} + | sort; ls -lR /etc/nginx");
  const bad = await withPerson(writeSite("shop", page("second").replace("listen 8081", "listen 8081 nonsense")));
  expect(bad.end).toMatchObject({ type: "failed", error: { code: "broker.failed" } });
  expect(bad.output).toContain("nonsense");
  expect(await lab.sh("find /etc/nginx -type f -exec sha256sum {} + | sort; ls -lR /etc/nginx")).toBe(before);
  await lab.sh("systemctl restart nginx");
  await expect.poll(served).toBe("first");
});

test("refuses a site that would let root open files, without spending the permission", async () => {
  const before = await stateOfServer();
  const evil = writeSite("evil", `${page("x")} access_log /etc/cron.d/evil;`);
  await permit(lab, evil, "person");
  expect((await askBroker(lab, INFRA, evil)).end).toMatchObject({ error: { code: "broker.refused" } });
  expect(await runSql(lab, "select count(*) from calls where tool = 'nginx' and root_used_at is null")).toBe("1");
  expect(await stateOfServer()).toBe(before);
});

test("what was there before an action comes back by one request of the daemon, not of an agent", async () => {
  const restore = async (id: string) =>
    await sendRaw(
      { lab },
      "ai-infra",
      `${request(null, by("infra", "snapshots", { request: { action: "restore", id } }))}\n`,
    );
  const written = await doWithPerson(writeSite("shop", page("third")));
  await expect.poll(served).toBe("third");
  expect((await restore(written)).end).toMatchObject({ type: "done" });
  await expect.poll(served).toBe("first");
  const stopped = await doWithPerson(systemd("stop", "nginx"));
  await expect.poll(served).toBe("");
  expect((await restore(stopped)).end).toMatchObject({ type: "done" });
  await expect.poll(served).toBe("first");
  expect((await restore("20200101T000000-00000000")).end).toMatchObject({ error: { code: "app.not_found" } });
  const byAgent = by("infra", "snapshots", { request: { action: "restore", id: written } });
  expect((await askBroker(lab, INFRA, byAgent)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
});

test("a command as root gets its words as they are, runs for the supervisor alone, and stops when the caller hangs up", async () => {
  const words = ["$HOME", "${PATH}", "%n", "a b", "two\nlines", "'\"\\", "$$", "--"];
  const print = asRoot(["printf", "<%s>", ...words]);
  await permit(lab, print, "person");
  const printed = await askBroker(lab, "ai-supervisor", print);
  expect(printed.end, printed.printed).toMatchObject({ type: "done" });
  expect(printed.output).toBe(words.map((word) => `<${word}>`).join(""));
  const working = asRoot([
    "sh",
    "-c",
    "trap 'date +%s%3N >/tmp/ended; exit' TERM; touch /tmp/began; sleep 31337 & wait",
  ]);
  await permit(lab, working, "person");
  const { printed: said } = await sendRaw(
    { lab, hangUpOn: "/tmp/began" },
    "ai-supervisor",
    `${request("supervisor", working)}\n`,
  );
  const hungUpAt = Number(/"hungUpAt":(\d+)/.exec(said)?.[1]);
  await poll("the command is gone", async () =>
    (await lab.exec("pgrep -f '[s]leep 31337'")).exitCode === 1 ? true : null,
  );
  expect(Number(await lab.sh("cat /tmp/ended")) - hungUpAt).toBeLessThan(2000);
});

test("every request is in the journal and in the audit trail, refused ones too", async () => {
  const rows = await runSql(
    lab,
    `select detail::json->>'state', agent, count(*) from audit where kind in ('root_action', 'snapshot_taken', 'snapshot_restored')
      group by 1, 2 order by 1, 2`,
  );
  expect(rows).toContain("refused|code|2");
  expect(rows).toMatch(/done\|infra\|\d+/);
  expect(rows).toMatch(/started\|supervisor\|2/);
  const journal = await lab.sh("journalctl --identifier=ai-infrastructure-broker -o cat | grep -c root_action");
  expect(Number(journal)).toBeGreaterThan(30);
});

test("does not start when others could change what it obeys", async () => {
  await lab.sh(`echo '{ "units": { "control": ["*.service"] } }' >/etc/ai-infrastructure/broker.json
    chmod 666 /etc/ai-infrastructure/broker.json`);
  expect((await askBroker(lab, INFRA, status)).end).toMatchObject({
    error: { code: "broker.refused", message: expect.stringContaining("/etc/ai-infrastructure/broker.json") },
  });
  await lab.sh("chmod 644 /etc/ai-infrastructure/broker.json");
  expect((await askBroker(lab, INFRA, systemd("status", "systemd-journald"))).end).toMatchObject({ type: "done" });
  await lab.sh("rm /etc/ai-infrastructure/broker.json; chmod g+w /etc/ai-infrastructure");
  expect((await askBroker(lab, INFRA, status)).end).toMatchObject({ error: { code: "broker.refused" } });
  await lab.sh("chmod g-w /etc/ai-infrastructure");
});

test("is still there after five hundred connections that say nothing", async () => {
  const rude = `
    const net = require("node:net");
    let left = 500;
    const next = () => { if (left-- > 0) net.connect("/run/ai-infrastructure-broker.sock").on("connect", function () { this.destroy(); }).on("error", () => {}).on("close", next); };
    for (let i = 0; i < 20; i++) next();`;
  await lab.exec(["runuser", "-u", "ai-code", "--", "/opt/ai-infrastructure/current/node", "-e", rude]);
  await poll(
    "it answers",
    async () => {
      const { end } = await askBroker(lab, INFRA, status);
      return end?.type === "done" ? true : null;
    },
    60_000,
  );
});

test("nothing of it runs while nobody asks", async () => {
  await poll("all have ended", async () =>
    (await lab.exec("pgrep -f 'daemon.mjs [b]roker'")).exitCode === 1 ? true : null,
  );
  expect(
    await lab.sh("systemctl list-units --all --no-legend 'ai-infrastructure-broker@*' 'ai-infrastructure-root-*'"),
  ).toBe("");
});

test("provisioning again changes nothing, and taking it back leaves nothing of the broker", async () => {
  expect(await provisionOn(server.app, server.serverId)).toMatchObject({ ok: true, changed: 0 });
  expect(await unprovisionOn(server.app, server.serverId)).toMatchObject({ ok: true });
  const left =
    "ls -d /run/ai-infrastructure-broker.sock /etc/systemd/system/*broker* /var/lib/*broker /var/cache/*broker 2>/dev/null; true";
  expect(await lab.sh(left)).toBe("");
});
