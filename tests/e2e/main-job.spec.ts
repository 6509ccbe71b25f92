import { expect, test, type Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCli, type JsonLine } from "../support/cli.ts";
import { unreadable } from "../support/cell-contrast.ts";
import { attachInPty } from "../support/cli-attach.ts";
import { STEPS } from "../../provisioning/steps.ts";
import { labAvailable, startLab, type Lab } from "../support/lab-server.ts";
import {
  addServer,
  expectAccessible,
  goTo,
  messagesOn,
  openPage,
  plain,
  sendMessage,
  terminalRows,
  type PageSession,
} from "../support/page-session.ts";
import { fingerprintOf, observe, provisionByCli } from "../support/provisioned-lab.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 300_000 });

const home = mkdtempSync(path.join(tmpdir(), "main-job-"));
const ofCli = mkdtempSync(path.join(tmpdir(), "main-job-cli-"));
const cli = createCli(ofCli);
let lab: Lab;
let session: PageSession;
let page: Page;

test.beforeAll(async ({ browser }) => {
  [lab, session] = await Promise.all([startLab({ name: "main-job", address: 51 }), openPage(browser, home)]);
  page = session.page;
});

test.afterAll(async () => {
  await session?.close();
  await lab?.stop();
  for (const folder of [home, ofCli]) rmSync(folder, { recursive: true, force: true });
});

/** The two numbers in a sentence of the page. */
async function stepsIn(shown: Page, sentence: RegExp): Promise<readonly [number, number]> {
  const text = await shown.getByText(sentence).innerText({ timeout: 30_000 });
  const [, some, all] = sentence.exec(text) ?? [];
  return [Number(some), Number(all)];
}

const itemOf = (hasText: RegExp) => page.getByRole("listitem").filter({ hasText });

test("a person adds a fresh server, compares its fingerprint, sees the plan and provisions it", async () => {
  await expect(page.getByRole("heading", { name: "This computer" })).toBeVisible();
  await expectAccessible(page, "first run");
  await page.getByRole("button", { name: "Add a server" }).click();
  await expectAccessible(page, "form of a server");
  await addServer(page, { host: lab.address, user: "root", keyFile: lab.keyFile });

  const question = page.getByRole("dialog", { name: `Is this ${lab.address}?` });
  await expect(question.getByText("SHA256:").locator("..")).toHaveText(await fingerprintOf(lab));
  await expectAccessible(page, "question of the host key");
  await question.getByRole("button", { name: "It matches, connect" }).click();

  const provision = page.getByRole("button", { name: `Provision ${lab.address}` });
  await page.getByRole("radio", { name: /Without Docker/ }).click();
  // A lab server has its host's memory and time, does not reach GitHub, and lets a key in; Docker is not wished.
  const toDo = /^(\d+) of (\d+) steps to do\./;
  await expect.poll(async () => stepsIn(page, toDo)).toEqual([STEPS.length - 5, STEPS.length]);
  for (const hasText of [/^Docker/, /^Qdrant/]) await expect(itemOf(hasText)).toContainText("left out");
  await expect(page.getByText("Debian GNU/Linux 12 (bookworm)")).toBeVisible();
  await expectAccessible(page, "plan");
  expect((await lab.exec("test -e /opt/ai-infrastructure")).exitCode).toBe(1);
  await provision.click();

  await expect(page.getByRole("progressbar", { name: `Provisioning ${lab.address}` })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("status").filter({ hasText: /\b[1-9] of \d+ steps/ })).toBeVisible({ timeout: 120_000 });
  await expectAccessible(page, "live steps");
  await expect(page.getByText(`${lab.address} is ready.`)).toBeVisible({ timeout: 240_000 });
  const [changed, all] = await stepsIn(page, /^(\d+) of (\d+) steps changed something,/);
  // Both come with the packages and work by the time they are looked at, or a moment later.
  const words = await Promise.all([/^Sandbox/, /^fail2ban/].map((hasText) => itemOf(hasText).textContent()));
  const foundReady = words.filter((word) => word?.includes("already so")).length;
  expect([changed, all]).toEqual([STEPS.length - 5 - foundReady, STEPS.length]);
  await expectAccessible(page, "provisioned server");
});

test("a chat message is answered word by word, and the code agent's terminal shows the work", async () => {
  await page.getByRole("button", { name: "Talk to the team" }).click();
  await sendMessage(page, 'write hello.py with "print(6 * 7)", then run python3 hello.py, then stream long 600 slowly');

  const answer = page.getByRole("article", { name: "Supervisor says" }).last();
  await expect(answer).toHaveAttribute("aria-busy", "true", { timeout: 30_000 });
  await expect(answer).toContainText("word-5");
  expect(await answer.textContent()).not.toContain("word-60");
  await expect(page.getByRole("region", { name: /^Task of Code/ })).toContainText("python3 hello.py");
  await expect(answer).toHaveAttribute("aria-busy", "false", { timeout: 30_000 });
  await expect(answer).toContainText("word-60");
  await expect(page.getByRole("article", { name: "Supervisor says" }).first()).toContainText("simulated");
  expect(await lab.sh("cat /workspace/hello.py")).toBe("print(6 * 7)");
  await expectAccessible(page, "chat");

  await page
    .getByRole("navigation")
    .getByRole("button", { name: /\bCode\b/ })
    .click();
  await expect(terminalRows(page, "code")).toContainText("python3 hello.py", { timeout: 20_000 });
  await expect(terminalRows(page, "code")).toContainText("42");
});

test("what is typed into the code agent's terminal is answered there", async () => {
  await page.getByRole("textbox", { name: "Terminal of code" }).focus();
  await page.keyboard.type("run echo typed $((20 + 3))\n", { delay: 5 });
  await expect(terminalRows(page, "code")).toContainText("typed 23", { timeout: 20_000 });
  await expectAccessible(page, "chat with a terminal");
});

test("a terminal that is open shows its window again when the team's windows were started anew", async () => {
  await lab.sh("systemctl restart ai-agents.service");
  await expect(terminalRows(page, "code")).not.toContainText("typed 23", { timeout: 20_000 });
  await page.getByRole("textbox", { name: "Terminal of code" }).focus();
  await expect(terminalRows(page, "code")).toContainText("idle", { timeout: 20_000 });
  await page.keyboard.type("run echo back $((40 + 4))\n", { delay: 5 });
  await expect(terminalRows(page, "code")).toContainText("back 44", { timeout: 20_000 });
});

test("everything in the terminal can be read in both themes, quiet words too", async () => {
  await expect(terminalRows(page, "code")).toContainText("simulated model");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(() => unreadable(page, "code"), colorScheme).toEqual([]);
  }
});

test("a reload of the page shows every message exactly once", async () => {
  const observer = await observe(home, lab.address);
  try {
    const { messages } = await observer.ask((daemon) => daemon.chat.history({}));
    const stored = messages.filter(({ role }) => role !== "notice").map(({ text }) => plain(text));
    expect(stored.length).toBeGreaterThan(2);
    await expect.poll(() => messagesOn(page)).toEqual(stored);
    await page.reload();
    await expect.poll(() => messagesOn(page), { timeout: 20_000 }).toEqual(stored);
  } finally {
    await observer.close();
  }
});

for (const name of ["Agents", "Tasks", "Terminals", "Server", "Settings"]) {
  test(`the page ${name} has no serious accessibility fault`, async () => {
    await goTo(page, name);
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expectAccessible(page, name);
  });
}

/** What a stranger sends first. */
async function requestOfReadme(): Promise<string> {
  const [, request = ""] = / chat "([^"]+)"/.exec(await readFile("README.md", "utf8")) ?? [];
  return request;
}

test("the command line does the same on this server, and a second provisioning changes nothing", async () => {
  const again = await provisionByCli(cli, lab);
  expect(again).toMatchObject({ exitCode: 0, result: { ok: true, changed: 0 } });
  const steps = again.result["steps"] as { state: string }[];
  expect(new Set(steps.map(({ state }) => state))).toEqual(new Set(["unchanged"]));
  console.log(`second provisioning: ${again.seconds.toFixed(1)} s`);

  const servers = await cli(["servers"]);
  expect(servers).toMatchObject({ exitCode: 0, result: { ok: true, servers: [{ name: lab.name }] } });

  const status = await cli(["status"]);
  const services = ["daemon", "postgres", "redis", "tmux", "sandbox"].map((name) => ({ name, state: "up" }));
  const agents = ["supervisor", "code", "data", "infra", "research", "qa"].map((name) => ({ name, state: "idle" }));
  expect(status).toMatchObject({ exitCode: 0, result: { ok: true, healthy: true, services, agents } });

  const chat = await cli(["chat", await requestOfReadme()]);
  expect(chat).toMatchObject({ exitCode: 0, result: { ok: true, agents: ["supervisor", "code"], simulated: true } });
  expect(chat.result["text"]).toContain("`python3 hello.py` printed:\n\n```\nhello\n");
  expect(chat.events.map(({ type }) => type)).toContain("delta");

  const shown = await cli(["tasks", "show", String(chat.result["taskId"])]);
  expect(shown).toMatchObject({
    exitCode: 0,
    result: { ok: true, task: { state: "done" }, children: [{ agent: "code" }] },
  });
  const list = await cli(["tasks"]);
  expect(JSON.stringify(list.result["tasks"])).toContain(String(chat.result["taskId"]));
});

test("a message that waits behind other work says whose answer that waits for, and is answered after it", async () => {
  const asking = Promise.withResolvers<string>();
  const first = cli(["chat", "ask for approval to go on"], {
    onEvent: ({ approval }) => approval && asking.resolve((approval as { id: string }).id),
  });
  const id = await asking.promise;
  const queued = Promise.withResolvers<JsonLine>();
  const second = cli(["chat", "list files"], {
    onEvent: (event) => event["type"] === "queued" && queued.resolve(event),
  });
  expect(await queued.promise).toMatchObject({ behind: [expect.any(String)], approvals: [id] });
  expect(await cli(["approvals", "allow", id])).toMatchObject({ exitCode: 0 });
  expect(await first).toMatchObject({ exitCode: 0, result: { text: expect.stringContaining("Approved: go on.") } });
  expect(await second).toMatchObject({ exitCode: 0, result: { text: expect.stringContaining("hello.py") } });
});

test("doctor names what has drifted, line by line, and changes nothing; the page shows it and *Update* mends it", async () => {
  expect(await cli(["doctor"])).toMatchObject({ exitCode: 0, result: { ok: true, drift: [], blockers: [] } });
  await lab.sh("chmod 600 /etc/nginx/conf.d/gzip.conf; rm /etc/sudoers.d/ai-infrastructure");
  const drifted = await cli(["doctor"]);
  expect(drifted).toMatchObject({ exitCode: 3, result: { ok: false, blockers: [] } });
  const changes = (drifted.result["drift"] as { id: string; changes: string[] }[]).map(({ id, ...step }) => [
    id,
    step.changes,
  ]);
  expect(changes).toEqual([
    ["web-server", ["Change /etc/nginx/conf.d/gzip.conf"]],
    ["permissions", ["Write /etc/sudoers.d/ai-infrastructure"]],
  ]);
  expect(await lab.sh("stat -c %a /etc/nginx/conf.d/gzip.conf; ls /etc/sudoers.d")).not.toContain("644");

  await goTo(page, "Server");
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("2 steps are not as this app would leave it.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: `Update ${lab.address}` }).click();
  await expect(page.getByText(/^2 of \d+ steps changed something/)).toBeVisible({ timeout: 60_000 });
  expect(await cli(["doctor"])).toMatchObject({ exitCode: 0, result: { ok: true } });
});

test("the page says how the server is, and saves a summary with the fingerprint that its console shows", async () => {
  const overview = page.getByRole("region", { name: "Overview" });
  await expect(overview.getByRole("region", { name: "Services" })).toContainText("nginxactive", { timeout: 30_000 });
  await expect(overview.getByRole("region", { name: "Updates" })).toContainText("The team is up to date");
  await expectAccessible(page, "overview of a server");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save summary" }).click();
  const text = await readFile(await (await saved).path(), "utf8");
  expect(text).toContain(`ED25519 256: \`${await fingerprintOf(lab)}\``);
  expect(text).toContain("From outside: 22/tcp (sshd), 80/tcp (nginx), 443/tcp (nginx)\n");
  const found = await cli(["overview"]);
  expect(found).toMatchObject({ exitCode: 0, result: { ok: true, versions: { node: process.versions.node } } });
});

test("attach puts an agent's window onto a terminal, and leaves it running", async () => {
  const terminal = attachInPty(ofCli, "research");
  try {
    await terminal.waitFor("research · level 1 · simulated model");
    terminal.type("run echo attached $((40 + 2))\r");
    await terminal.waitFor("attached 42");
    terminal.type("\x1d");
    expect(await terminal.exitCode()).toBe(0);
  } finally {
    terminal.kill();
  }
});

test("errors of the command line are one JSON object with a code, a message and a hint", async () => {
  const misused = { ok: false, code: "app.bad_input", message: expect.any(String), hint: expect.any(String) };
  expect(await cli(["fly"])).toMatchObject({ exitCode: 2, result: misused });
  expect(await cli(["status", "--wings"])).toMatchObject({ exitCode: 2, result: misused });
  expect(await cli(["provision", "not a host"])).toMatchObject({
    exitCode: 2,
    result: { ok: false, code: "app.bad_input" },
  });
  const unknown = await cli(["status", "--server", "nowhere"]);
  expect(unknown).toMatchObject({ exitCode: 1, result: { ok: false, code: "server.not_found" } });
  expect(unknown.result["message"]).toContain("nowhere");
  expect(unknown.result["hint"]).toContain(lab.name);
  const task = await cli(["tasks", "show", "task_none"]);
  expect(task).toMatchObject({ exitCode: 1, result: { ok: false, code: "app.not_found" } });
});

test("unprovision leaves no unit, user, rule or folder behind", async () => {
  expect(await cli(["unprovision"])).toMatchObject({ exitCode: 2, result: { code: "app.bad_input" } });
  const removed = await cli(["unprovision", "--yes"]);
  expect(removed).toMatchObject({ exitCode: 0, result: { ok: true } });
  const left = await lab.sh(`
    ls -d /opt/ai-infrastructure /etc/ai-infrastructure /etc/sudoers.d/ai-infrastructure /run/ai-infrastructure 2>/dev/null
    ls /etc/systemd/system | grep -E '^ai-'
    getent passwd | grep -E '^ai-'
    getent group | grep -E '^ai-'
    systemctl list-units --all --plain --no-legend 'ai-*'
    readlink /proc/[0-9]*/exe | grep ai-infrastructure
    pgrep -a tmux
    true`);
  expect(left).toBe("");
});
