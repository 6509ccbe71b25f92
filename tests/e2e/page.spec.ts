import { expect, type Page } from "@playwright/test";
import {
  EMPTY_CHAT,
  EXPECTED_KEY,
  FOUND_KEY,
  FRESH,
  longHistory,
  message,
  ONLINE,
  sshServer,
  STATUS,
  WORKING,
} from "../support/fake-host-scenes.ts";
import { PLAN } from "../support/fake-host-plan.ts";
import { goTo, startRun, test } from "../support/page-test.ts";

const log = (page: Page) => page.getByRole("log", { name: "Conversation" });
const delta = (offset: number, text: string) =>
  ({
    type: "delta",
    messageId: "m9",
    conversationId: "main",
    taskId: "t1",
    agent: "supervisor",
    offset,
    text,
  }) as const;

test.describe("first run", () => {
  test("starting on this computer opens the chat with the team", async ({ page, open }) => {
    await open({ status: EMPTY_CHAT.status ?? STATUS });
    await page.getByRole("button", { name: "Start on this computer" }).click();
    await expect(page.getByRole("heading", { name: "What should the team do?" })).toBeVisible();
    await expect(page.getByText("Simulated model", { exact: true })).toBeVisible();
  });

  test("a server from the SSH configuration is added and its plan is shown", async ({ page, open }) => {
    const address = { host: "203.0.113.7", port: 2222, user: "deploy" };
    await open({ configHosts: [{ alias: "hetzner", address, keyFile: "~/.ssh/work" }], plan: PLAN });
    await page.getByRole("button", { name: "Add a server" }).click();
    await page.getByRole("button", { name: /hetzner/ }).click();
    await expect(page.getByLabel("Private key")).toHaveValue("~/.ssh/work");
    await page.getByRole("button", { name: "Add and connect" }).click();
    await expect(page.getByRole("button", { name: "Provision hetzner" })).toBeEnabled();
  });

  test("an empty form says what is missing and adds nothing", async ({ page, open }) => {
    const host = await open({});
    await page.getByRole("button", { name: "Add a server" }).click();
    await page.getByRole("button", { name: "Add and connect" }).click();
    await expect(page.getByText("Name the server")).toBeVisible();
    expect(host.world.state.servers).toEqual([]);
  });
});

test("the token leaves the address at once and a reload finds its session", async ({ page, open }) => {
  await open(WORKING);
  await expect(log(page)).toBeVisible();
  expect(page.url()).not.toContain("t=");
  await page.reload();
  await expect(log(page)).toBeVisible();
});

test.describe("chat", () => {
  test("a message is sent once and shown once, and the supervisor's answer streams in its place", async ({
    page,
    open,
  }) => {
    const host = await open(EMPTY_CHAT);
    await page.getByLabel("Message the team").fill("@code say hello");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("article", { name: "You said" })).toHaveCount(1);
    await expect.poll(() => host.world.state.sent).toMatchObject([{ text: "say hello", agent: "code" }]);
    host.world.live(delta(0, "Hel"));
    await expect(page.getByText("Hel", { exact: true })).toBeVisible();
    const element = await page.getByRole("article", { name: /Supervisor/ }).elementHandle();
    host.world.live(delta(3, "lo"));
    host.world.store({ type: "message_added", message: message("m9", { text: "Hello" }) });
    await expect(page.getByText("Hello", { exact: true })).toHaveCount(1);
    expect(await element?.evaluate((node) => node.isConnected)).toBe(true);
  });

  test("after a cut in the middle of a stream every message is there exactly once", async ({ page, open }) => {
    const host = await open(WORKING);
    await expect(page.getByText("2 of 6 agents working")).toBeVisible();
    host.world.live(delta(0, "Before the cut"));
    await expect(page.getByText("Before the cut")).toBeVisible();
    host.cut("daemon");
    host.world.store({ type: "message_added", message: message("m9", { text: "Before the cut and after" }) });
    await expect(page.getByText("Before the cut and after")).toHaveCount(1);
    await expect(page.getByText("Three steps.")).toHaveCount(1);
  });

  test("what is written while disconnected waits, survives a reload and is sent once", async ({ page, open }) => {
    const host = await open(WORKING);
    await expect(log(page)).toBeVisible();
    const error = { code: "connection.lost", message: "The connection was lost" } as const;
    host.world.connect({ state: "waiting", retryAt: new Date(Date.now() + 60_000).toISOString(), error });
    await expect(page.getByText("The connection was lost.", { exact: false })).toBeVisible();
    await page.getByLabel("Message the team").fill("Tell me when it is done");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Waiting for the connection")).toBeVisible();
    await page.reload();
    host.world.connect(ONLINE);
    await expect.poll(() => host.world.state.sent.map(({ text }) => text)).toEqual(["Tell me when it is done"]);
    await expect(page.getByText("Tell me when it is done")).toHaveCount(1);
  });

  test("new text does not move what a person reads further up", async ({ page, open }) => {
    const host = await open(longHistory(120));
    await expect(page.getByText("Answer 119.")).toBeVisible();
    const read = page.getByText("Answer 99.");
    await log(page).hover();
    await expect(async () => {
      await page.mouse.wheel(0, -400);
      await expect(read).toBeInViewport({ timeout: 300 });
    }).toPass();
    const position = async () => (await read.boundingBox())?.y ?? 0;
    await expect.poll(async () => (await position()) === (await position())).toBe(true);
    const before = await position();
    host.world.store({ type: "message_added", message: message("new", { text: "Something came" }) });
    await expect(page.getByRole("button", { name: "New messages" })).toBeVisible();
    expect(Math.abs((await position()) - before)).toBeLessThan(2);
    await page.getByRole("button", { name: "New messages" }).click();
    await expect(page.getByText("Something came")).toBeInViewport();
  });

  test("a conversation of five thousand messages opens at its end", async ({ page, open }) => {
    await open(longHistory(5000));
    await expect(page.getByText("Answer 4999.")).toBeInViewport();
  });

  test("scrolling up reads back to the first message, page after page", async ({ page, open }) => {
    await open(longHistory(500));
    await expect(page.getByText("Answer 499.")).toBeVisible();
    await expect(async () => {
      await log(page).evaluate((view) => (view.scrollTop = 0));
      await expect(page.getByText("The conversation begins here.")).toBeVisible({ timeout: 150 });
    }).toPass();
  });

  test("an approval is answered where it is asked", async ({ page, open }) => {
    const host = await open(WORKING);
    await page.getByRole("button", { name: "Allow once" }).click();
    await expect(page.getByText("allowed once")).toBeVisible();
    expect(host.world.state.approvals.get("a1")?.state).toBe("allowed");
  });

  test("a right click on a task stops it, and Esc in the message does too", async ({ page, open }) => {
    const host = await open(WORKING);
    await page.getByRole("region", { name: /Task of Code/ }).click({ button: "right", position: { x: 60, y: 15 } });
    await page.getByRole("menuitem", { name: "Cancel the task" }).click();
    await expect.poll(() => host.world.state.tasks.get("t2")?.state).toBe("cancelled");
    await page.getByLabel("Message the team").press("Escape");
    await expect.poll(() => host.world.state.tasks.get("t1")?.state).toBe("cancelled");
  });

  test("the work under way can be stopped", async ({ page, open }) => {
    const host = await open(WORKING);
    await page.getByRole("button", { name: "Stop this work" }).click();
    await expect.poll(() => host.world.state.tasks.get("t1")?.state).toBe("cancelled");
  });
});

test.describe("server", () => {
  test("a provider of web search is set with its key, which is not shown again", async ({ page, open }) => {
    await open(WORKING);
    await goTo(page, "server");
    const section = page.getByRole("region", { name: "Web search" });
    await expect(section).toContainText("In use: the model's own");
    await section.getByRole("radio", { name: /Brave/ }).click();
    await expect(section.getByLabel("Address")).toHaveValue("https://api.search.brave.com");
    const set = section.getByRole("button", { name: "Search with Brave Search" });
    await expect(set).toBeDisabled();
    await section.getByLabel("Key").fill("a-key-of-brave");
    await set.click();
    await expect(page.getByText("search with Brave Search", { exact: false }).last()).toBeVisible();
    await expect(section.getByLabel("Key")).toHaveValue("");
  });

  test("Docker and the time of restarts are chosen before a run, which is asked for with them", async ({
    page,
    open,
  }) => {
    const { world } = await open(FRESH);
    await goTo(page, "server");
    const section = page.getByRole("region", { name: "Choices" });
    await expect(section.getByRole("radio", { name: /With Docker/ })).toBeChecked();
    await expect(section.getByRole("radio", { name: /Never restarts by itself/ })).toBeChecked();
    await section.getByRole("radio", { name: /Without Docker/ }).click();
    await section.getByRole("radio", { name: /when needed/ }).click();
    await section.getByLabel("By the server's clock").fill("03:30");
    await expect(section.getByRole("radio", { name: /Without Docker/ })).toBeChecked();
    await page.getByRole("button", { name: "Provision hetzner-1" }).click();
    await expect.poll(() => world.state.wished).toEqual({ docker: false, rebootAt: "03:30" });
  });

  test("a run shows each step as it goes, its log, and how it ended", async ({ page, open }) => {
    const { world } = await open(FRESH);
    await goTo(page, "server");
    await startRun(page, world);
    world.runEvent({ type: "step_started", id: "packages", at: new Date().toISOString() });
    world.runEvent({ type: "step_log", id: "packages", line: "Setting up tmux (3.3a-3)" });
    const output = page.getByRole("log", { name: "Log of the run" });
    await expect(output.getByText("Setting up tmux (3.3a-3)")).toBeVisible();
    await expect(page.getByText(/^running/)).toBeVisible();
    const error = {
      code: "provision.step_failed",
      message: "apt-get ended with exit code 100.",
      hint: "Go on.",
    } as const;
    world.runEvent({ type: "step_ended", result: { id: "packages", state: "failed", ms: 1200 }, error });
    world.runEvent({ type: "ended", result: { ok: false, changed: 0, steps: [], error } });
    await expect(page.getByRole("alert")).toContainText("apt-get ended with exit code 100.");
    await page.getByRole("button", { name: "Go on with hetzner-1" }).click();
    await expect(page.getByText("0 of 8 steps")).toBeVisible();
  });

  test("the log of a run follows its end until a person scrolls up", async ({ page, open }) => {
    const { world } = await open(FRESH);
    await goTo(page, "server");
    await startRun(page, world);
    const say = (from: number, to: number) => {
      for (let n = from; n < to; n += 1) world.runEvent({ type: "step_log", id: "packages", line: `Line ${n}.` });
    };
    world.runEvent({ type: "step_started", id: "packages", at: new Date().toISOString() });
    const output = page.getByRole("log", { name: "Log of the run" });
    say(0, 50);
    await output.scrollIntoViewIfNeeded();
    for (const start of [50, 100, 150]) say(start, start + 50);
    await expect(output.getByText("Line 199.")).toBeInViewport();

    await output.evaluate((view) => (view.scrollTop = 0));
    await expect(page.getByText("Line 2.", { exact: true })).toBeInViewport();
    say(200, 250);
    await expect(page.getByText("250 lines")).toBeVisible();
    await expect(page.getByText("Line 2.", { exact: true })).toBeInViewport();
  });

  test("a changed host key shows both and trusts neither by itself", async ({ page, open }) => {
    const error = { code: "connection.host_key_changed", message: "" } as const;
    await open({ servers: [sshServer({ state: "refused", error, expected: EXPECTED_KEY, found: FOUND_KEY })] });
    await goTo(page, "server");
    await expect(page.getByText("uNiVztks")).toBeVisible();
    await expect(page.getByText("47DEQpj8")).toBeVisible();
    await expect(page.getByRole("button", { name: "Trust the key of today" })).toBeDisabled();
  });

  test("a wrong passphrase is asked again and says so", async ({ page, open }) => {
    const question = { kind: "passphrase", keyFile: "~/.ssh/id_ed25519", wrong: true } as const;
    await open({ servers: [sshServer({ state: "asking", question })] });
    await expect(page.getByText("That passphrase does not open the key")).toBeVisible();
    await expect(page.getByLabel("Passphrase", { exact: true })).toBeFocused();
  });
});

test("an agent's terminal opens by keyboard and takes what is typed", async ({ page, open }) => {
  await open(WORKING);
  await expect(log(page)).toBeVisible();
  await page.keyboard.press("Control+Shift+Digit2");
  const terminal = page.locator("[data-terminal=code]");
  await expect(terminal).toContainText("Add GET /healthz with a test");
  await page.keyboard.type("hello there");
  await expect(terminal).toContainText("hello there");
});

test("the command palette goes to a page and gives the focus back", async ({ page, open }) => {
  await open(WORKING);
  await expect(log(page)).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("tasks");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Tasks" })).toBeVisible();
});

test.describe("a task", () => {
  test("shows who told whom, in words for screen readers too", async ({ page, open }) => {
    await open(WORKING);
    await goTo(page, "tasks/t1");
    const exchange = page.getByRole("region", { name: "Who told whom" });
    await expect(exchange.getByText("Supervisor gives to Code: Add GET /healthz with a test")).toBeAttached();
    await expect(exchange.getByText("Infra tells all: Port 80 belongs to nginx now")).toBeAttached();
  });

  test("is paused, told something and resumed", async ({ page, open }) => {
    const host = await open(WORKING);
    await goTo(page, "tasks/t2");
    await page.getByRole("textbox", { name: "Tell Code something" }).fill("Use port 8080");
    await page.getByRole("button", { name: "Tell Code" }).click();
    await expect(page.getByText("It is read before the next step")).toBeVisible();
    expect(host.world.state.sent.map(({ text }) => text)).toEqual(["Use port 8080"]);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByText("paused", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  });
});
