import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { SPENDING } from "../support/fake-host-spend.ts";
import { goTo, test } from "../support/page-test.ts";

test("today's spend stands in the top bar and leads to the days, agents and tasks it went to", async ({
  page,
  open,
}) => {
  const { world } = await open(SPENDING);
  await page.getByRole("button", { name: "$1.24 today" }).click();
  await expect(page.getByRole("heading", { name: "Spend", level: 1 })).toBeVisible();
  const byDay = page.getByRole("figure", { name: "Spend by day" });
  await expect(byDay.getByRole("button")).toHaveCount(30);
  await expect(byDay.getByRole("button").last()).toHaveAccessibleName(
    "Nov 23: $1.24 · Code $0.56 · Supervisor $0.37 · Infra $0.19 · QA $0.12",
  );
  await page.getByRole("radio", { name: "7 days" }).click();
  await expect(byDay.getByRole("button")).toHaveCount(7);
  await expect(page.getByRole("region", { name: "By agent" }).getByRole("listitem").first()).toContainText("Code");
  await page
    .getByRole("region", { name: "By task" })
    .getByRole("button", { name: /GET \/healthz/ })
    .click();
  await expect(page.getByRole("heading", { name: "Add GET /healthz with a test" })).toBeVisible();
  world.live({
    type: "spend_changed",
    day: "2026-11-23",
    todayUsd: 2.5,
    agent: "code",
    agentTodayUsd: 1.82,
    taskId: "t2",
    taskUsd: 1.82,
  });
  await expect(page.getByRole("button", { name: "$2.50 today" })).toBeVisible();
  await expect(page.locator("main")).toContainText("$1.82");
});

test("a budget is set, seen as spent, and removed", async ({ page, open }) => {
  await open(SPENDING);
  await goTo(page, "spend");
  const budgets = page.getByRole("region", { name: "Budgets" });
  const code = budgets.getByRole("listitem").filter({ hasText: "Code" });
  await expect(code).toContainText("$0.56 of $0.50 · spent");
  const qa = budgets.getByRole("listitem").filter({ hasText: "QA" });
  await expect(qa).toContainText("No limit");
  await qa.getByRole("textbox").fill("2,5");
  await qa.getByRole("button", { name: "Set" }).click();
  await expect(qa).toContainText("$0.00 of $2.50");
  await qa.getByRole("button", { name: "Remove" }).click();
  await expect(qa).toContainText("No limit");
});

test("a task that rests says why, until when, and where that is changed", async ({ page, open }) => {
  await open(SPENDING);
  const card = page.getByRole("region", { name: "Task of Code: Add GET /healthz with a test" });
  await expect(card).toContainText("The budget of code for today, $0.50, is spent: $0.56 so far");
  await expect(card).toContainText("goes on by itself at");
  await card.getByRole("button", { name: "Change the budget" }).click();
  await expect(page.getByRole("region", { name: "Resting tasks" })).toContainText("One task rests");
  await page.getByRole("button", { name: "Try again now" }).click();
  await expect(page.getByText("The tasks that rest try again")).toBeVisible();
});

test("thoughts are folded, with the seconds they took, and grow while they come", async ({ page, open }) => {
  const { world } = await open(SPENDING);
  const log = page.getByRole("log", { name: "Conversation" });
  const thought = log.getByText("The certificate needs port 80");
  await expect(log.getByText("Thought for 12 s")).toBeVisible();
  await expect(thought).toBeHidden();
  await log.getByText("Thought for 12 s").click();
  await expect(thought).toBeVisible();
  const place = { type: "delta", messageId: "x.thought-0", conversationId: "main", taskId: "t1" } as const;
  world.live({ ...place, role: "thought", agent: "supervisor", offset: 0, text: "Let me see" });
  // The thread is still moving to its new end: a click may miss, as a person's would.
  await expect(async () => {
    await log.getByText(/^Thinking · /).click();
    await expect(log.getByText("Let me see")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  world.live({ ...place, role: "thought", agent: "supervisor", offset: 10, text: " what is there" });
  await expect(log.getByText("Let me see what is there")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`the spend page and what rests have no accessibility fault in the ${theme} theme`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await open(SPENDING);
    for (const place of ["spend", "chat", "tasks/t2", "agents"]) {
      await goTo(page, place);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await expect(page.getByRole("main")).toContainText(place === "spend" ? "Budgets" : /\w/);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${place} ${id}: ${html}`))).toEqual([]);
    }
  });
}
