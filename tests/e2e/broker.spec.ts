import { expect, test } from "@playwright/test";
import type { AgentName } from "../../contract/agents.ts";
import { askBroker, permit, type RootAction, runSql, sendRaw } from "../support/broker-on-lab.ts";
import { ask, daemonOf } from "../support/host-session.ts";
import { openLabHost, provisionOn, unprovisionOn, type LabHost } from "../support/lab-server-host.ts";
import { poll } from "../support/lab-server-run.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let lab: Lab;
let app: LabHost;
let serverId: string;

test.beforeAll(async () => {
  [lab, app] = await Promise.all([startLab({ name: "broker", address: 91 }), openLabHost()]);
  serverId = await app.addServer(lab, "root");
  const result = await provisionOn(app, serverId);
  expect(result.error).toBeUndefined();
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

const INFRA = "ai-infra-agent";
const by = (agent: AgentName, tool: string, input: unknown): RootAction => ({ agent, tool, input });
const systemd = (action: string, unit: string): RootAction => by("infra", "systemd", { action, unit });
const writeSite = (name: string, text: string): RootAction =>
  by("infra", "nginx", { request: { action: "write_site", name, text } });
const asRoot = (argv: readonly string[]): RootAction => by("supervisor", "run_as_root", { argv, reason: "for the test" });

/** What the infra agent gets for what a person has allowed. */
async function withPerson(action: RootAction) {
  await permit(lab, action, "person");
  return await askBroker(lab, INFRA, action);
}

/** Every file's place, rights, size and time, all users' processes, and which services run. */
async function stateOfServer(): Promise<string> {
  return await lab.sh(`
    find /etc /opt /usr /root /home /srv /workspace /var/www /var/lib/ai-infrastructure-broker -xdev \\
      -printf '%p %y %m %u %g %s %T@\\n' 2>/dev/null | sort | sha256sum
    systemctl list-units --type=service --state=running --no-legend --plain | cut -d' ' -f1 | grep -v ai-infrastructure-broker@
    systemctl show --property=MainPID nginx.service cron.service ssh.service ai-infrastructure.service`);
}

test("an agent looks at a service without being allowed anything first", async () => {
  const { end, output } = await askBroker(lab, INFRA, systemd("status", "ssh"));
  expect(end).toMatchObject({ type: "done", text: "ssh.service is active", snapshot: null });
  expect(output).toContain("OpenBSD Secure Shell server");
});

test("through the chat, the infra agent tells the state of a service", async () => {
  const task = await ask(daemonOf(app.host, serverId), "show the status of ssh");
  expect(task).toMatchObject({ state: "done", result: expect.stringContaining("ssh.service is active") });
});
