import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { STATUS, WORKING } from "../support/fake-host-scenes.ts";
import { goTo, test } from "../support/page-test.ts";

const openCode = async (page: Page) => {
  await goTo(page, "agents");
  await page.getByRole("button", { name: "Settings of Code" }).click();
  await expect(page.getByRole("heading", { name: "Code", level: 1 })).toBeVisible();
};
const save = (page: Page) => page.getByRole("button", { name: "Save changes" });
const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt" });

test("settings and prompt are changed and saved together, and are in force for others too", async ({ page, open }) => {
  const host = await open(WORKING);
  await openCode(page);
  await expect(save(page)).toBeDisabled();
  await page.getByLabel("Model").fill("claude-opus-5-5");
  await page.getByLabel("Budget, USD a day").fill("2.5");
  await page.getByRole("checkbox", { name: /^run_command/ }).uncheck();
  await page.getByRole("radio", { name: "max" }).click();
  await page.getByRole("radio", { name: "Claude Code" }).click();
  await expect(page.getByText("Its turns fail, and say how to install it, until you have installed it.")).toBeVisible();
  await prompt(page).fill("You are **code**.");
  await page.getByRole("radio", { name: "Preview" }).click();
  await expect(page.getByRole("region", { name: "Prompt as it reads" }).locator("strong")).toHaveText("code");
  await save(page).click();
  await expect(page.getByText("Saved. In force with the next turn of Code")).toBeVisible();
  await expect(save(page)).toBeDisabled();
  const saved = host.world.state.definitions.get("code");
  expect(saved).toMatchObject({
    prompt: "You are **code**.",
    settings: { model: "claude-opus-5-5", budgetUsdPerDay: 2.5, effort: "max", driver: "claude-code", level: 1 },
  });
  expect(saved?.settings.tools).not.toContain("run_command");
});

test("what cannot be is said beside it, and is not sent", async ({ page, open }) => {
  const host = await open(WORKING);
  await openCode(page);
  await page.getByLabel("Tasks at a time").fill("9");
  await expect(page.getByText("A whole number from 1 to 8")).toBeVisible();
  await page.getByLabel("Budget, USD a day").fill("a lot");
  await expect(page.getByText("A number from 0 to 1000000, or nothing")).toBeVisible();
  await prompt(page).fill(" ");
  await expect(page.getByText("The prompt is empty")).toBeVisible();
  await expect(save(page)).toBeDisabled();
  await page.getByRole("button", { name: "Drop my changes" }).click();
  await expect(page.getByLabel("Tasks at a time")).toHaveValue("1");
  expect(host.world.state.definitions.size).toBe(0);
});

test("what was typed is still there after another page", async ({ page, open }) => {
  await open(WORKING);
  await openCode(page);
  await prompt(page).fill("Half a thought");
  await goTo(page, "chat");
  await openCode(page);
  await expect(prompt(page)).toHaveValue("Half a thought");
  await expect(save(page)).toBeEnabled();
});

test("a definition that somebody else changed meanwhile is not overwritten", async ({ page, open }) => {
  const host = await open(WORKING);
  await openCode(page);
  await page.getByLabel("Model").fill("claude-haiku-5-5");
  await save(page).click();
  await expect(save(page)).toBeDisabled();
  const mine = host.world.state.definitions.get("code");
  if (!mine) throw new Error("nothing was saved");
  await prompt(page).fill("Mine.");
  host.world.state.definitions.set("code", { ...mine, prompt: "Theirs.", revision: "theirs" });
  await save(page).click();
  await expect(page.getByText("The agent was changed meanwhile")).toBeVisible();
  await expect(prompt(page)).toHaveValue("Mine.");
  await page.getByRole("button", { name: "Drop my changes and show it as it is now" }).click();
  await expect(prompt(page)).toHaveValue("Theirs.");
});

test("an agent goes back to what was shipped, after a question", async ({ page, open }) => {
  const host = await open(WORKING);
  await openCode(page);
  await expect(page.getByRole("button", { name: "Reset to shipped…" })).toHaveCount(0);
  await prompt(page).fill("You are code.");
  await save(page).click();
  const reset = page.getByRole("button", { name: "Reset to shipped…" });
  const said = page.locator("[data-sonner-toast]", { hasText: "Saved." });
  const edgeOf = async (shown: typeof said, edge: "top" | "bottom") =>
    await shown.evaluate((element, name) => element.getBoundingClientRect()[name], edge);
  // It comes from below, and comes to rest above what is to be pressed.
  await expect.poll(async () => (await edgeOf(said, "bottom")) < (await edgeOf(reset, "top"))).toBe(true);
  await reset.click();
  await page.getByRole("dialog").getByRole("button", { name: "Reset Code" }).click();
  await expect(prompt(page)).toHaveValue(/^You are the \*\*code\*\* agent/);
  expect(host.world.state.definitions.size).toBe(0);
});

test("a file with a mistake is told with its line, on the list and on the agent", async ({ page, open }) => {
  const message = "/etc/ai-infrastructure/agents/agents.yaml, line 4: agents.code.level: Invalid input";
  const problem = { code: "agents.definition_broken", message, hint: "The last good version stays in force." } as const;
  await open({ ...WORKING, status: { ...STATUS, definitionProblems: [problem] } });
  await goTo(page, "agents");
  await expect(page.getByText(message)).toBeVisible();
  await openCode(page);
  await expect(page.getByText(message)).toBeVisible();
});

test("a definition that does not come shows a skeleton, one that is refused a way on", async ({ page, open }) => {
  await open({ ...WORKING, definitionsSilent: true });
  await openCodeSlow(page);
  await expect(page.getByText("Reading the agent's definition")).toBeAttached();
  const refusal = { code: "store.unavailable", message: "PostgreSQL is away" } as const;
  await open({ ...WORKING, definitionsError: refusal });
  await openCodeSlow(page);
  await expect(page.getByText("PostgreSQL is away")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
});

const openCodeSlow = async (page: Page) => {
  await goTo(page, "agents");
  await page.getByRole("button", { name: "Settings of Code" }).click();
};

for (const theme of ["light", "dark"] as const) {
  test(`an agent's settings have no accessibility fault in the ${theme} theme`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await open(WORKING);
    await openCode(page);
    await page.getByLabel("Tasks at a time").fill("9");
    await prompt(page).fill("");
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))).toEqual([]);
  });
}

test("an agent's settings fit from 400 to 3840 pixels wide", async ({ page, open }) => {
  await open(WORKING);
  await openCode(page);
  for (const width of [400, 900, 1440, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(prompt(page)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  }
});

test("each card says what its agent takes of the machine", async ({ page, open }) => {
  await open(WORKING);
  await goTo(page, "agents");
  const code = page.getByRole("article", { name: "Code" });
  await expect(code).toContainText("23.4 %");
  await expect(code).toContainText("182 MB");
  await expect(page.getByRole("article", { name: "Research" })).toContainText("–");
});

const HELD = {
  ...STATUS,
  agents: STATUS.agents.map((agent) =>
    agent.name === "qa"
      ? {
          ...agent,
          state: "held" as const,
          hold: {
            reason: "Its console ended 5 times within five minutes, last with signal 9.",
            since: new Date(Date.now() - 90_000).toISOString(),
            kept: false,
          },
        }
      : agent,
  ),
};

test("an agent that only crashed calls for a person on every page, and starts again or stays stopped", async ({
  page,
  open,
}) => {
  const host = await open({ ...WORKING, status: HELD });
  const call = page.getByRole("region", { name: "QA was stopped" });
  await expect(call).toContainText("5 times within five minutes");
  await expect.poll(() => [...host.world.state.seen.values()].flat()).toContain("qa");
  await call.getByRole("button", { name: "Keep stopped" }).click();
  await expect(call).toBeHidden();
  await goTo(page, "agents");
  const card = page.getByRole("article", { name: "QA" });
  await expect(card).toContainText("stopped");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await card.getByRole("button", { name: "Start again" }).click();
  await expect(card).toContainText("idle");
});

test("a notification leads to the question it was about", async ({ page, open }) => {
  const host = await open(WORKING);
  await expect.poll(() => [...host.world.state.seen.values()].flat()).toContain("a1");
  await goTo(page, "tasks");
  await expect.poll(() => [...host.world.state.seen.values()].flat()).not.toContain("a1");
  const [asked] = [...host.world.state.approvals.values()].filter(({ state }) => state === "open");
  const serverId = host.world.state.servers[0]?.server.id ?? "";
  host.world.openedFeed.publish({ serverId, kind: "approval", id: asked?.id ?? "", agent: asked?.agent ?? "code" });
  await expect(page.locator(`#approval-${asked?.id ?? ""}`)).toBeFocused();
});
