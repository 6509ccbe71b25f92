import { expect, test } from "@playwright/test";
import type { RunResult, Wishes } from "../../contract/provision.ts";
import { LOGGED_IN_LATELY } from "../../provisioning/layout.ts";
import { ask, daemonOf, terminalOf } from "../support/host-session.ts";
import { labAvailable, type Lab, startLab } from "../support/lab-server.ts";
import { openLabHost, provisionAs, provisionOn, type LabHost } from "../support/lab-server-host.ts";
import { leaderOf } from "../support/lab-server-machine.ts";
import { moveToIpv6 } from "../support/lab-server-network.ts";
import { layTool } from "../support/own-packages.ts";
import { startPackageProxy, type PackageProxy } from "../support/package-proxy.ts";
import { until } from "../support/start-program.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 600_000 });

const OPTIONS = { name: "ipv6", address: 123, equipped: true } as const;
let lab: Lab;
let app: LabHost;
let proxy: PackageProxy;
let here: string;
let id: string;

test.beforeAll(async () => {
  const started = await startLab(OPTIONS);
  const upstream = await started.sh("apt-config dump --format '%v' Acquire::http::Proxy");
  const moved = await moveToIpv6((await leaderOf(OPTIONS.name)) ?? 0, OPTIONS.address);
  here = moved.here;
  lab = { ...started, address: moved.server };
  proxy = await startPackageProxy(here, { names: {}, upstream });
  await lab.sh(`echo 'Acquire::http::Proxy "${proxy.address}";' >/etc/apt/apt.conf.d/99-inside
    apt-get -q -y purge ripgrep; rm -f /var/cache/apt/archives/ripgrep*`);
  app = await openLabHost();
  id = await app.addServer(lab, "root");
});

test.afterAll(async () => {
  await app?.close();
  await proxy?.close();
  await lab?.stop();
});

test("a server with IPv6 alone, and packages through apt's proxy only, is provisioned and guarded like any other", async () => {
  expect(await lab.sh("ip -4 route; ip -4 -o address show dev host0")).toBe("");
  const result = await provisionOn(app, id);
  expect(result.error).toBeUndefined();
  expect(proxy.asked.some((url) => url.includes("/ripgrep_"))).toBe(true);
  // A person has a whole network in IPv6.
  const network = `${here.replace(/1$/, "")}/64`;
  const neighbour = here.replace(/1$/, "47:11");
  expect(await lab.sh(`${LOGGED_IN_LATELY} ${neighbour} && echo spared`)).toBe("spared");
  expect(await lab.sh("nft list ruleset")).toContain(network);
  expect(await provisionOn(app, id)).toMatchObject({ ok: true, changed: 0 });
});

test("its team answers, and its windows are worked in", async () => {
  const task = await ask(daemonOf(app.host, id), "list files");
  expect(task).toMatchObject({ state: "done" });
  const terminal = terminalOf(app.host, id, "code");
  terminal.resize(100, 30);
  await until("the prompt is shown", () => terminal.screen().includes("›"));
  terminal.type("hello there");
  await until("what is typed is shown", () => terminal.screen().includes("hello there"));
  terminal.close();
});

const planFor = (wishes: Wishes) => app.host.client.provision.plan({ serverId: id, wishes });
const updatesOf = async () => (await app.host.client.provision.overview({ serverId: id })).packages.updates;
const tool = () => lab.sh("dpkg-query -W -f '${db:Status-Abbrev}${Version} ' lab-tool; cat /etc/lab-tool.conf");

test("package updates are no drift; asked for, they are installed by fresh lists, and changed configurations stay", async () => {
  await layTool(lab, "1.0");
  await lab.sh("apt-get -q update; apt-get -q -y install lab-tool; echo mine >/etc/lab-tool.conf");
  await layTool(lab, "1.1", "touch /run/lab-tool-restarted");
  expect((await planFor({})).steps.flatMap(({ changes }) => changes)).toEqual([]);
  expect(await provisionAs(app, id, { packageUpdates: true })).toMatchObject({ ok: true, changed: 1 });
  expect(await tool()).toBe("ii 1.1 mine");
  await lab.sh("test -e /run/lab-tool-restarted");
  expect(await updatesOf()).toBe(0);
  expect(await provisionAs(app, id, { packageUpdates: true })).toMatchObject({ ok: true, changed: 0 });
});

test("the plan names them; cancelled, a run ends when the package it is at is whole", async () => {
  await layTool(lab, "1.2", "sleep 4");
  await lab.sh("apt-get -q update");
  expect(await updatesOf()).toBe(1);
  const { steps } = await planFor({ packageUpdates: true });
  expect(steps.filter(({ state }) => state === "needed").map(({ changes }) => changes)).toEqual([
    ["Read the package lists anew", "Install 1 package update, 0 of them for security: lab-tool"],
  ]);
  await app.host.client.provision.apply({ serverId: id, wishes: { packageUpdates: true } });
  const log: string[] = [];
  let end: RunResult | null = null;
  for await (const event of await app.host.client.provision.follow({ serverId: id, after: 0 })) {
    if (event.type === "step_log") log.push(event.line);
    if (event.type === "step_log" && event.line.startsWith("Setting up lab-tool (1.2)")) {
      await app.host.client.provision.cancel({ serverId: id });
    }
    if (event.type === "ended") end = event.result;
  }
  expect(end).toMatchObject({ ok: false, error: { code: "app.cancelled" } });
  expect(log).toContain("Stopping as soon as no package is half unpacked");
  expect(await tool()).toBe("ii 1.2 mine");
});
