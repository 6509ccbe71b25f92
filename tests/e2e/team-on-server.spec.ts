import { expect, test } from "@playwright/test";
import { AgentName, agentUser } from "../../contract/agents.ts";
import type { Task } from "../../contract/tasks.ts";
import { askBroker, INFRA } from "../support/broker-on-lab.ts";
import { ask, daemonOf, terminalOf, type DaemonClient } from "../support/host-session.ts";
import { addLogin, openLabHost, provisionOn, type LabHost } from "../support/lab-server-host.ts";
import { poll } from "../support/lab-server-run.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import { quickestMs } from "../support/quickest.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let lab: Lab;
let app: LabHost;
let serverId: string;
let daemon: DaemonClient;

test.beforeAll(async () => {
  [lab, app] = await Promise.all([startLab({ name: "team", address: 71, equipped: true }), openLabHost()]);
  await addLogin(lab, "ann", "ALL=(ALL) NOPASSWD: ALL");
  serverId = await app.addServer(lab, "ann");
  const result = await provisionOn(app, serverId);
  expect(result.error).toBeUndefined();
  daemon = daemonOf(app.host, serverId);
});

test.afterAll(async () => {
  await app?.close();
  await lab?.stop();
});

const as = async (user: string, ...command: string[]) => await lab.exec(["runuser", "-u", user, "--", ...command]);
const tmux = async (...command: string[]) => await as("ai-infra", "tmux", "-S", TMUX, ...command);
const TMUX = "/run/ai-infrastructure/tmux/tmux.sock";
const agentsWork = async (request: string): Promise<Task> => await ask(daemon, request);
const consolePid = async (agent: AgentName): Promise<string> =>
  await lab.sh(`pgrep -u ${agentUser(agent)} -f 'daemon.mjs agent ${agent} ' || true`);

test("each console runs as its own user, without a program waiting for it", async () => {
  for (const agent of AgentName.options) {
    const pid = await consolePid(agent);
    expect(pid).toMatch(/^\d+$/);
    expect((await tmux("list-panes", "-t", `ai-infrastructure:${agent}`, "-F", "#{pane_pid}")).stdout.trim()).toBe(pid);
  }
});

test("an agent reaches its own socket only, and neither database, nor another agent's home", async () => {
  const connects = async (socket: string) => {
    const script = `require("net").connect(${JSON.stringify(socket)}, () => process.exit(0)).on("error", () => process.exit(3))`;
    return (await as("ai-code", "/opt/ai-infrastructure/current/node", "-e", script)).exitCode === 0;
  };
  expect(await connects("/run/ai-infrastructure/agents/code/daemon.sock")).toBe(true);
  expect(await connects("/run/ai-infrastructure/agents/qa/daemon.sock")).toBe(false);
  expect(await connects("/run/ai-infrastructure/api.sock")).toBe(false);
  expect(await connects(TMUX)).toBe(false);
  const psql = await as("ai-code", "psql", "-XAtc", "select 1", "-d", "ai_infrastructure");
  expect(psql.stderr).toContain('permission denied for database "ai_infrastructure"');
  expect(psql.exitCode).not.toBe(0);
  expect((await as("ai-code", "redis-cli", "ping")).stdout).toContain("NOAUTH");
  expect((await as("ai-code", "ls", "/var/lib/ai-infrastructure/agents/qa")).stderr).toContain("Permission denied");
});

test("a command of an agent has no network, sees no other process and writes to the workspace only", async () => {
  const looks = "grep -c : /proc/net/dev; ls -d /proc/[0-9]* | wc -l; touch /usr/x /var/x /etc/x; ls /run /var/lib";
  // In a file of the workspace: what it does is stopped by the sandbox, not by the policy.
  const probe = `write look.sh with \`{ ${looks}; true; } > seen.txt 2>&1\`, then run sh look.sh`;
  const task = await agentsWork(`ask the code agent to ${probe}`);
  expect(task.state).toBe("done");
  const seen = await lab.sh("cat /workspace/seen.txt");
  const [interfaces, processes, ...refused] = seen.split("\n");
  expect(interfaces).toBe("1");
  expect(Number(processes)).toBeLessThan(8);
  expect(refused).toHaveLength(5);
  expect(await lab.sh("ls -d /usr/x /var/x /etc/x 2>/dev/null; stat -c %U:%G:%a /workspace/seen.txt")).toBe(
    "ai-code:ai-team:664",
  );
});

test("what one agent wrote, another one changes, by tool and by command", async () => {
  await agentsWork("ask the code agent to write shared/notes.txt with from code");
  const task = await agentsWork(
    "ask the qa agent to run `echo from qa >> shared/notes.txt; mkdir shared/more; cp shared/notes.txt shared/more/copy.txt`, then write shared/notes.txt with checked",
  );
  expect(task.state).toBe("done");
  await agentsWork("ask the data agent to run `echo and data >> shared/more/copy.txt`");
  expect(await lab.sh("cat /workspace/shared/notes.txt; echo; cat /workspace/shared/more/copy.txt")).toBe(
    "checked\nfrom codefrom qa\nand data",
  );
  expect(await lab.sh("stat -c %a:%G /workspace/shared /workspace/shared/more")).toBe("2775:ai-team\n2775:ai-team");
});

test("root's hooks judge every agent, and each agent's trace is its own", async () => {
  const write = async (name: string, input: string) =>
    await lab.exec(
      ["sh", "-c", 'cat >"/etc/ai-infrastructure/$1"; chmod 755 "/etc/ai-infrastructure/$1"', "sh", name],
      { input },
    );
  const guard =
    '#!/bin/bash\ngrep -q forbidden && { echo "not for $AI_INFRA_AGENT as $(id -un)" >&2; exit 2; }\nexit 0\n';
  await write("guard.sh", guard);
  const hooks = {
    PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "/etc/ai-infrastructure/guard.sh" }] }],
  };
  await write("hooks.json", JSON.stringify({ hooks }));
  const task = await agentsWork('ask the qa agent to "run echo allowed, then run touch forbidden"');
  expect(task.result).toContain("not for qa as ai-qa");
  expect(await lab.sh("ls /workspace/forbidden 2>/dev/null || true")).toBe("");
  const trace = "/var/lib/ai-infrastructure/agents/qa/MEMORY/Work/active/main-qa/TRACE.jsonl";
  expect(await lab.sh(`grep -c allowed ${trace}; stat -c %U ${trace}`)).toBe("1\nai-qa");
  expect((await as("ai-code", "cat", trace)).stderr).toContain("Permission denied");
  await lab.sh("rm /etc/ai-infrastructure/hooks.json");
});

test("agents query the workspace's database as roles of their own, and only some may write to it", async () => {
  const psql = async (user: string, sql: string) =>
    await as(user, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "workspace", "-c", sql);
  const task = await ask(daemon, 'query "select session_user, current_user"');
  expect(task.result).toContain("ai-data\tworkspace_reader");
  expect((await psql("ai-data", "create table notes (n int)")).stderr).toMatch(/permission denied|no schema has/);
  expect((await psql("ai-data", "set role workspace_writer; create table notes (n int)")).exitCode).toBe(0);
  expect((await psql("ai-qa", "set role workspace_writer")).stderr).toContain("permission denied");
  expect((await psql("ai-qa", "set role workspace_reader; select count(*) from notes")).stdout).toBe("0\n");
  expect((await psql("ai-qa", "set role workspace_reader; insert into notes values (1)")).stderr).toContain("denied");
  expect((await ask(daemon, 'query "insert into notes values (1)"')).result).toContain("needs `write`");
});

test("agents' definitions are the daemon's and root's: agents neither read nor write them", async () => {
  const folder = "/etc/ai-infrastructure/agents";
  await daemon.agents.update({ name: "qa", change: { effort: "low", prompt: "You check." } });
  expect(await lab.sh(`stat -c '%U %a' ${folder} ${folder}/agents.yaml ${folder}/qa/AGENT.md`)).toBe(
    "ai-infra 750\nai-infra 644\nai-infra 644",
  );
  for (const user of AgentName.options.map(agentUser)) {
    expect((await as(user, "cat", `${folder}/agents.yaml`)).stderr).toContain("Permission denied");
    expect((await as(user, "touch", `${folder}/x`)).stderr).toContain("Permission denied");
  }
  const effort = async () => (await daemon.agents.get({ name: "qa" })).definition.settings.effort;
  await lab.sh(`sed -i 's/effort: low/effort: max/' ${folder}/agents.yaml`);
  await poll("what root wrote is in force", async () => ((await effort()) === "max" ? true : null));
  await lab.sh(`chmod 666 ${folder}/agents.yaml; sed -i 's/effort: max/effort: low/' ${folder}/agents.yaml`);
  const problem = async () => (await daemon.status.get()).definitionProblems?.[0]?.message;
  await poll("a file that others may write is refused", async () => (await problem())?.includes("by others") ?? null);
  expect(await effort()).toBe("max");
  await lab.sh(`rm -r ${folder}/agents.yaml ${folder}/qa`);
  await poll("the shipped ones are back", async () => ((await problem()) === undefined ? true : null));
});

test("the broker goes by the levels that are set, and by none while those cannot be known", async () => {
  const file = "/etc/ai-infrastructure/agents/agents.yaml";
  const status = { agent: "infra", tool: "systemd", input: { action: "status", unit: "ssh" } } as const;
  const set = async (level: number, owner: string) => {
    await lab.sh(
      `echo 'agents: { infra: { level: ${level} } }' >${file} && chmod 644 ${file} && chown ${owner} ${file}`,
    );
    return (await askBroker(lab, INFRA, status)).end;
  };
  const refused = (why: string) => ({ error: { code: "broker.refused", message: expect.stringContaining(why) } });
  expect(await set(1, "ai-infra")).toMatchObject(refused("infra has level 1"));
  expect(await set(9, "ai-infra")).toMatchObject(refused("agents.infra.level"));
  expect(await set(2, INFRA)).toMatchObject(refused("may be changed by others"));
  expect(await set(2, "root")).toMatchObject({ type: "done" });
  await lab.sh(`rm ${file}`);
});

test("two people in different windows keep their own sizes", async () => {
  const [first, second] = [terminalOf(app.host, serverId, "code"), terminalOf(app.host, serverId, "qa")];
  second.resize(90, 25);
  const sizes = async () =>
    (await tmux("list-windows", "-t", "ai-infrastructure", "-F", "#{window_name} #{window_width}x#{window_height}"))
      .stdout;
  await poll("both windows have their sizes", async () => {
    const found = await sizes();
    return found.includes("code 120x40") && found.includes("qa 90x25") ? true : null;
  });
  first.close();
  second.close();
});

test("a killed console is back in its window within two seconds", async () => {
  // The second end of the same console within a minute would be answered more slowly.
  const untried: AgentName[] = ["research", "infra", "code"];
  const killOne = async (): Promise<void> => {
    const agent = untried.shift() ?? "qa";
    const before = await consolePid(agent);
    await lab.sh(`kill -9 ${before}`);
    await poll("another console runs", async () => {
      const panes = await tmux("list-panes", "-t", `ai-infrastructure:${agent}`, "-F", "#{pane_dead}");
      const pid = await consolePid(agent);
      return panes.stdout.trim() === "0" && pid !== "" && pid !== before ? true : null;
    });
  };
  expect(await quickestMs(2_000, killOne)).toBeLessThan(2_000);
  await poll("all are idle", async () => {
    const { agents } = await daemon.status.get();
    return agents.every(({ state }) => state === "idle") ? true : null;
  });
});

test("a console that hangs is ended as its own user, is back in its window, and goes on with its turn", async () => {
  const before = await consolePid("data");
  const asking = agentsWork("ask the data agent to run `sleep 3; echo still-here`, then run echo went-on");
  await poll("data works", async () => {
    const { agents } = await daemon.status.get();
    return agents.find(({ name }) => name === "data")?.state === "working" ? true : null;
  });
  await lab.sh(`kill -STOP ${before}`);
  await poll(
    "another console runs",
    async () => {
      const pid = await consolePid("data");
      return pid !== "" && pid !== before ? true : null;
    },
    40_000,
  );
  expect((await asking).state).toBe("done");
  const { records } = await daemon.audit.list({ agent: "data", kind: "console_ended" });
  expect(records.map(({ detail }) => JSON.parse(detail) as unknown)).toMatchObject([{ how: "no sign of life" }]);
});

test("a person answers in the agent's window, in a pane of another user than the agent's", async () => {
  await lab.sh("mkdir /workspace/old && chown ai-code:ai-team /workspace/old");
  const asking = agentsWork("ask the code agent to run rm -rf old");
  const terminal = terminalOf(app.host, serverId, "code");
  await expect.poll(() => terminal.screen(), { timeout: 20_000 }).toContain("code asks to do this once");
  expect(terminal.screen()).toContain("│ rm -rf old");
  const panes = await tmux("list-panes", "-t", "ai-infrastructure:code", "-F", "#{pane_pid} #{@role}");
  const pid = panes.stdout.match(/^(\d+) answers$/m)?.[1] ?? "";
  expect((await lab.sh(`ps -o user= -p ${pid}`)).trim()).toBe("ai-infra");
  expect(Number(await lab.sh(`ps -o rss= -p ${pid}`))).toBeLessThan(110_000);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  terminal.type("y\r");
  expect((await asking).state).toBe("done");
  expect(await lab.sh("ls /workspace")).not.toContain("old");
  terminal.close();
});

test("an agent's use of processor and memory is told across users", async () => {
  const uses = await daemon.health.usage();
  for (const { memoryBytes } of uses) expect(memoryBytes).toBeGreaterThan(5 * 1024 * 1024);
});

test("seven processes and tmux stay below 600 MB together when nothing happens", async () => {
  const memory = async (): Promise<number> =>
    Number(
      await lab.sh(
        "ps -eo user:20,rss | awk '$1 ~ /^ai-/ { kilobytes += $2 } END { printf \"%d\", kilobytes / 1024 }'",
      ),
    );
  expect(await memory()).toBeGreaterThan(200);
  // What the tests before have left is given back within seconds.
  await expect.poll(memory, { timeout: 30_000 }).toBeLessThan(600);
});

test("a broken sandbox and a missing window are told as down", async () => {
  const service = async (name: string) => (await daemon.status.get()).services.find((one) => one.name === name);
  expect(await service("sandbox")).toMatchObject({ state: "up", detail: expect.stringMatching(/^bubblewrap/) });
  await lab.sh("chmod 0 /usr/bin/bwrap");
  await tmux("kill-window", "-t", "ai-infrastructure:monitor");
  await poll("the window is missed", async () => {
    const found = await service("tmux");
    return found?.detail === "not running: monitor" ? true : null;
  });
  await poll("the sandbox is down", async () => ((await service("sandbox"))?.state === "down" ? true : null), 60_000);
  await lab.sh("chmod 755 /usr/bin/bwrap");
});
