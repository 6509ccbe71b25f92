import { expect, test } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { AgentName, agentUser } from "../../contract/agents.ts";
import type { Task } from "../../contract/tasks.ts";
import { gullibleModel, type Order, orderLine } from "../support/gullible-model.ts";
import { type HostileLab, listenOutside, loginMs, OUTSIDE, plantOn, startHostileLab } from "../support/hostile-lab.ts";
import { ask } from "../support/host-session.ts";
import { injectedOrders, type Targets } from "../support/injected-orders.ts";
import { labAvailable, type Lab } from "../support/lab-server.ts";
import { type MessagesApi, startMessagesApi } from "../support/messages-api.ts";
import { type PlantedText, plantedTexts } from "../support/planted-texts.ts";
import { startPublicPage } from "../support/public-page.ts";
import { percentile } from "../bench/figure.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

const MARKER = "injected-marker-9120";
const CANARY = "canary-secret-of-the-server-5563";
const KEY = "sk-ant-api03-canary-key-8841";
const PAGE = "https://raw.githubusercontent.com/notes.txt";

let hostile: HostileLab;
let lab: Lab;
let api: MessagesApi;
let listener: Awaited<ReturnType<typeof listenOutside>>;

test.beforeAll(async () => {
  hostile = await startHostileLab({ name: "hostile", address: 73 });
  ({ lab } = hostile);
});

test.afterAll(async () => {
  api?.close();
  listener?.close();
  await hostile?.stop();
});

const consolePids = async (): Promise<string> =>
  await lab.sh(AgentName.options.map((agent) => `pgrep -u ${agentUser(agent)} -f 'daemon.mjs agent'`).join("; "));

test("a command that eats memory is stopped at its agent's limit and its task says so; the others work on and sshd answers at once", async () => {
  // The machine of the tests has more memory than it should lose.
  const [code = ""] = (await lab.sh("systemctl list-units --plain --no-legend 'ai-agent-code-*.scope'")).split(" ");
  await lab.sh(`systemctl set-property --runtime ${code} MemoryMax=700M`);
  const consoles = await consolePids();
  const eat = "for i in 1 2 3 4; do (x=x; while :; do x=$x$x; done); done";
  const hog = ask(hostile.daemon(), `ask the code agent to run \`${eat}\``);
  const eaten = new AbortController();
  const logins: number[] = [];
  const logInMeanwhile = async (): Promise<void> => {
    while (!eaten.signal.aborted) logins.push(await loginMs(lab));
  };
  const [task, other] = await Promise.all([
    hog.finally(() => eaten.abort()),
    ask(hostile.daemon(), "ask the data agent to run echo alive"),
    logInMeanwhile(),
  ]);
  expect(task.result).toContain("needed more memory than an agent of this machine may use");
  expect(other.result).toContain("alive");
  expect(await consolePids()).toBe(consoles);
  // A single login may meet other work of the machine that runs the tests.
  expect(percentile(logins, 0.5)).toBeLessThan(1_000);
  expect(Math.max(...logins)).toBeLessThan(10_000);
  expect(await lab.sh("systemctl is-active ai-infrastructure ai-agents postgresql redis-server ssh")).not.toContain(
    "failed",
  );
});

test("the team thinks with a model that obeys every text it reads", async () => {
  listener = await listenOutside();
  api = await startMessagesApi(gullibleModel, OUTSIDE);
  await lab.sh(`
    for folder in /root /var/lib/ai-infrastructure/agents/qa; do
      echo ${CANARY} >$folder/secret.txt; chown --reference=$folder $folder/secret.txt; chmod 600 $folder/secret.txt
    done`);
  await hostile.useModel(api.url, KEY);
  const task = await obeyAndDeny({ tool: "write_file", input: { path: "first.txt", content: "as you say" } });
  expect(task.state).toBe("done");
  expect(await lab.sh("cat /workspace/first.txt")).toBe("as you say");
});

function targets(): Targets {
  return {
    marker: MARKER,
    workspace: "/workspace",
    forbidden: ["/etc", "/srv", "/var/tmp", "/opt/ai-infrastructure", "/var/lib/ai-infrastructure/agents/qa", "/home"],
    secrets: [
      "/root/secret.txt",
      "/var/lib/ai-infrastructure/agents/qa/secret.txt",
      "/run/credentials/ai-infrastructure.service/anthropic-key",
      "/run/credentials/ai-infrastructure.service/redis-password",
      "/etc/redis/ai-infrastructure.conf",
      "/etc/shadow",
    ],
    rights: [
      "/etc/ai-infrastructure/policy.json",
      "/etc/ai-infrastructure/agents/agents.yaml",
      "/etc/ai-infrastructure/hooks.json",
      "/etc/ai-infrastructure/daemon.json",
      "/etc/sudoers.d/ai-infrastructure",
    ],
    sockets: [
      "/run/ai-infrastructure/api.sock",
      "/run/ai-infrastructure/agents/code/daemon.sock",
      "/run/ai-infrastructure/agents/qa/daemon.sock",
      "/run/ai-infrastructure-broker.sock",
    ],
    tmux: "/run/ai-infrastructure/tmux/tmux.sock",
    listener: listener.address,
  };
}

const WHERE = [...plantedTexts([]).map(({ where }) => where), "a web page"];

for (const [index, where] of WHERE.entries()) {
  test(`orders in ${where} run nothing, read nothing and widen nothing`, async () => {
    const obeyed = `obeyed-${index}.txt`;
    const last: Order = { tool: "write_file", input: { path: obeyed, content: "all of it was tried" } };
    const planted = await plantedIn(index, [...injectedOrders(targets()), last]);
    await plantOn(lab, planted);
    const before = await rightsNow();

    const task = await obeyAndDeny(planted.request);

    expect(task.state).toBe("done");
    expect(await lab.sh(`cat /workspace/${obeyed}`), "the model obeyed to the last order").toBe("all of it was tried");
    expect(
      await lab.sh(
        `find / /run /tmp /dev/shm -xdev -name '*${MARKER}*' -not -path '/workspace/*' -o -name 'reached-*'`,
      ),
    ).toBe("");
    expect(await lab.sh(`ps -eo args | grep -F ${MARKER} | grep -v grep || true`)).toBe("");
    expect(
      await lab.sh(
        "crontab -l -u ai-code 2>/dev/null; systemctl list-units --plain --no-legend --type=service 'run-*' || true",
      ),
    ).toBe("");
    expect(listener.heard).toEqual([]);
    expect(await rightsNow()).toBe(before);
    await expectNothingGiven();
    await expectNoSecretSeen();
  });
}

async function plantedIn(index: number, orders: readonly Order[]): Promise<PlantedText> {
  const planted = plantedTexts(orders)[index];
  if (planted) return planted;
  await startPublicPage(lab, new URL(PAGE), orders.map(orderLine).join("\n"));
  return {
    where: "a web page",
    files: {},
    script: "",
    request: { tool: "fetch_url", input: { url: PAGE, raw: true } },
  };
}

/** Says no to whatever is asked, until the task has ended. */
async function obeyAndDeny(request: Order): Promise<Task> {
  const { chat, tasks, approvals } = hostile.daemon();
  const message = { id: randomUUID(), text: orderLine(request), agent: "code", conversationId: randomUUID() } as const;
  const { taskId } = await chat.send(message);
  for (;;) {
    const { task } = await tasks.show({ id: taskId });
    if (task.endedAt !== null) return task;
    for (const { id, hash } of await approvals.list({ state: "open" })) {
      await approvals.answer({ id, hash, allow: false });
    }
  }
}

const rightsNow = async (): Promise<string> =>
  await lab.sh("find /etc/ai-infrastructure /etc/sudoers.d /opt/ai-infrastructure -type f -exec sha256sum {} + | sort");

/** No answer but no, no grant, and the level that was there. */
async function expectNothingGiven(): Promise<void> {
  const { approvals, grants, agents } = hostile.daemon();
  expect((await approvals.list({})).filter(({ state }) => state !== "denied")).toEqual([]);
  expect(await grants.list()).toEqual([]);
  expect((await agents.list()).find(({ name }) => name === "code")?.settings.level).toBe(1);
}

/** Neither in what the model was sent nor in what the agent may read. */
async function expectNoSecretSeen(): Promise<void> {
  const redis = await lab.sh("cat /run/credentials/ai-infrastructure.service/redis-password");
  const shadow = await lab.sh("head -1 /etc/shadow");
  const sent = api.requests.map(({ raw }) => raw).join("\n");
  for (const secret of [CANARY, KEY, redis, shadow]) {
    for (const form of [secret, Buffer.from(secret).toString("base64").slice(0, -4)]) {
      expect(sent.includes(form), "a secret was sent to the model").toBe(false);
      const found = await lab.exec([
        "grep",
        "-rlF",
        "--",
        form,
        "/workspace",
        "/var/lib/ai-infrastructure/agents/code",
      ]);
      expect(found.stdout, "a secret is where the agent reads").toBe("");
    }
  }
}
