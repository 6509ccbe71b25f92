import { expect, test } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Task } from "../../contract/tasks.ts";
import { secretForms } from "../../server-agent/platform/redact.ts";
import { gullibleModel, type Order, orderLine } from "../support/gullible-model.ts";
import { type HostileLab, OUTSIDE, startHostileLab } from "../support/hostile-lab.ts";
import { labAvailable, type Lab } from "../support/lab-server.ts";
import { type MessagesApi, refuse, startMessagesApi } from "../support/messages-api.ts";
import { sampleArguments } from "../support/sample-arguments.ts";
import { until } from "../support/start-program.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 600_000 });

const KEY = "sk-ant-api03-canary/Pq7+key==8841";
const REFUSED = "please be refused";
const PATTERNS = "/dev/shm/patterns";
const HOOKS = "/etc/ai-infrastructure/hooks.json";
const TMUX = "/run/ai-infrastructure/tmux/tmux.sock";

let hostile: HostileLab;
let lab: Lab;
let api: MessagesApi;
let redisPassword: string;
const samples = sampleArguments();

test.beforeAll(async () => {
  hostile = await startHostileLab({ name: "canary", address: 74 });
  ({ lab } = hostile);
  api = await startMessagesApi((request) => {
    return request.raw.includes(REFUSED) ? refuse(401, `invalid x-api-key: ${KEY}`) : gullibleModel(request);
  }, OUTSIDE);
  await hostile.useModel(api.url, KEY);
  redisPassword = await lab.sh("cat /run/credentials/ai-infrastructure.service/redis-password");
});

test.afterAll(async () => {
  samples.stop();
  api?.close();
  await hostile?.stop();
});

const run = (command: string): Order => ({ tool: "run_command", input: { command } });

async function send(text: string): Promise<string> {
  const message = { id: randomUUID(), text, agent: "code", conversationId: randomUUID() } as const;
  return (await hostile.daemon().chat.send(message)).taskId;
}

/** Says yes to whatever is asked: more comes to light. */
async function look(id: string) {
  const { tasks, approvals } = hostile.daemon();
  for (const asked of await approvals.list({ state: "open" })) {
    await approvals.answer({ id: asked.id, hash: asked.hash, allow: true });
  }
  return await tasks.show({ id });
}

async function end(id: string): Promise<Task> {
  const ended = async (): Promise<Task | null> => {
    const { task } = await look(id);
    return task.endedAt === null ? null : task;
  };
  return await until(`task ${id} ends`, ended, 60_000);
}

test("an agent's tool prints the server's secrets by accident, in many forms, and fails", async () => {
  await lab.exec(["sh", "-c", "cat >/workspace/.env && chown ai-code /workspace/.env"], {
    input: `KEY=${KEY}\nREDIS=redis://:${redisPassword}@localhost\n`,
  });
  const prints = ["cat .env", "base64 -w0 .env", "od -An -tx1 .env | tr -d ' \\n'", "cat .env >&2; exit 3"];
  for (const command of prints) {
    const task = await end(await send(orderLine(run(command))));
    expect(task.state).toBe("done");
  }
  await end(await send(orderLine({ tool: "read_file", input: { path: ".env" } })));
  await end(await send(orderLine({ tool: "grep", input: { pattern: "KEY" } })));
});

test("a person pastes a secret, the model refuses it in its own words, daemon and console crash with it in their hands", async () => {
  await end(await send(`Use ${KEY} from now on. ${orderLine(run(`echo ${KEY} ${redisPassword}`))}`));
  expect((await end(await send(REFUSED))).state).toBe("failed");
  const slow = await send(orderLine(run("cat .env; sleep 5")));
  await until("the command runs", async () => {
    const { calls } = await look(slow);
    return calls.some(({ state }) => state === "running");
  });
  await lab.sh("systemctl kill -s ABRT ai-infrastructure.service");
  await lab.sh("pkill -ABRT -u ai-code -f 'daemon.mjs agent'");
  await hostile.reconnect();
  expect((await end(slow)).state).toBe("done");
});

test("a hook fails with a secret in what it says, and the window tells that it failed", async () => {
  const fails = { type: "command", command: "echo 'no such place:' >&2; cat /workspace/.env >&2; exit 1" };
  await lab.exec(["sh", "-c", `cat >${HOOKS}`], {
    input: JSON.stringify({ hooks: { PostToolUse: [{ hooks: [fails] }] } }),
  });
  await end(await send(orderLine(run("true"))));
  await lab.sh(`rm ${HOOKS}`);
  const shown = await lab.sh(`runuser -u ai-infra -- tmux -S ${TMUX} capture-pane -p -J -t ai-infrastructure:code`);
  expect(shown).toMatch(/no such place:[^]*\[hidden\]/);
});

test("afterwards the secrets stand nowhere but where they were put", async () => {
  await lab.sh("journalctl --sync; runuser -u postgres -- psql -c checkpoint");
  const patterns = secretForms([KEY, redisPassword]);
  await lab.exec(["sh", "-c", `cat >${PATTERNS}`], { input: patterns.join("\n") });
  const files = await lab.sh(
    `find / /run /tmp /dev/shm -xdev -type f -not -path ${PATTERNS} -print0 | xargs -0 grep -laFs -f ${PATTERNS} || true`,
    { timeoutMs: 300_000 },
  );
  await lab.sh(`rm ${PATTERNS}`);
  expect(files.split("\n").filter((file) => !file.startsWith("/etc/redis/"))).toEqual(["/workspace/.env"]);
  expectNone("the journal", await lab.sh("journalctl --no-pager -o export -a"), patterns);
  const dump = "runuser -u ai-infra -- pg_dump ai_infrastructure";
  expectNone("PostgreSQL", await lab.sh(dump), patterns);
  const redis = `REDISCLI_AUTH=$(cat /run/credentials/ai-infrastructure.service/redis-password) redis-cli`;
  expectNone(
    "Redis",
    await lab.sh(`${redis} --scan | while read -r key; do echo "$key"; ${redis} dump "$key"; done`),
    patterns,
  );
  for (const window of ["supervisor", "code", "monitor", "logs"]) {
    const capture = `runuser -u ai-infra -- tmux -S ${TMUX} capture-pane -p -J -S - -t ai-infrastructure:${window}`;
    expectNone(`the window ${window}`, await lab.sh(capture), patterns);
  }
  expect(api.requests.some(({ raw }) => raw.includes("[hidden]"))).toBe(true);
  expectNone("the prompts", api.requests.map(({ raw }) => raw).join("\n"), patterns);
  expectNone("the arguments of programs", [...samples.stop()].join("\n"), patterns);
  expectNone(
    "the app's data",
    execFileSync("grep", ["-rahs", "", hostile.home], { encoding: "utf8", maxBuffer: 2 ** 28 }),
    patterns,
  );
  expect(
    await lab.sh(
      "find / -xdev -name 'core*' -size +1M -type f -newer /etc/machine-id -not -path '/usr/*' -not -path '/opt/*' || true",
    ),
  ).toBe("");
});

function expectNone(where: string, text: string, patterns: readonly string[]): void {
  expect(text.length, `${where} was read`).toBeGreaterThan(0);
  expect(
    patterns.filter((pattern) => text.includes(pattern)),
    where,
  ).toEqual([]);
}
