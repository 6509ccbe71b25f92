import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { ONLINE, sshServer, STATUS } from "../support/fake-host-scenes.ts";
import { ALARMED, BROKEN, FIRST_CONTACT, INTACT, nextRecords, RECORDED, TRAIL } from "../support/fake-host-trail.ts";
import { goTo, test } from "../support/page-test.ts";

const grid = (page: Page) => page.getByRole("grid", { name: "Records, newest first" });
const row = (page: Page, seq: number) => page.locator(`[data-seq="${seq}"]`);
const detail = (page: Page, seq: number) => page.getByRole("complementary", { name: `Record ${seq}` });

test("a record opens beside the table with its detail, its hash and the hash before it", async ({ page, open }) => {
  await open(RECORDED);
  await goTo(page, "audit");
  await row(page, 597).click();
  await expect(detail(page, 597)).toContainText(TRAIL[596]?.hash ?? "missing");
  await expect(detail(page, 597)).toContainText(TRAIL[595]?.hash ?? "missing");
  await expect(detail(page, 597)).toContainText('"action": "systemctl restart nginx"');
  await expect(row(page, 597)).toHaveAttribute("aria-selected", "true");
});

test("the keys go through the records, open them, and give the focus back", async ({ page, open }) => {
  await open(RECORDED);
  await goTo(page, "audit");
  await row(page, 600).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(row(page, 598)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(detail(page, 598)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(detail(page, 597)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(detail(page, 597)).toHaveCount(0);
  await expect(row(page, 597)).toBeFocused();
  await page.keyboard.press("End");
  await expect(row(page, 401)).toBeFocused();
  await page.keyboard.press("Home");
  await expect(row(page, 600)).toBeFocused();
});

test("records are found by agent, kind, task, time and text, and all shown again", async ({ page, open }) => {
  await open(RECORDED);
  await goTo(page, "audit");
  await page.getByLabel("Kind", { exact: true }).selectOption("Decision");
  await expect(row(page, 600)).toHaveCount(0);
  await expect(row(page, 596)).toBeVisible();
  await page.getByLabel("Agent", { exact: true }).selectOption("Code");
  await expect(row(page, 596)).toHaveCount(0);
  await expect(row(page, 593)).toBeVisible();
  await page.getByLabel("Time", { exact: true }).selectOption("Last hour");
  await expect(grid(page).getByRole("row")).toHaveCount(3);
  await page.getByLabel("Task", { exact: true }).selectOption("Import the customers of last year");
  await expect(page.getByText("No record matches")).toBeVisible();
  await page.getByRole("button", { name: "Show all records" }).click();
  await page.getByLabel("Search in the records").fill("ALLOWLIST");
  await expect(row(page, 600)).toHaveCount(0);
  await expect(row(page, 596)).toContainText("outside the allowlist");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(row(page, 600)).toBeVisible();
  await expect(page.getByLabel("Search in the records")).toHaveValue("");
});

test("new records appear at the top, and never move what is being read", async ({ page, open }) => {
  const { world } = await open(RECORDED);
  await goTo(page, "audit");
  await expect(row(page, 600)).toBeVisible();
  world.audit(nextRecords(TRAIL, 1));
  await expect(row(page, 601)).toBeInViewport();
  await grid(page).evaluate((view) => (view.scrollTop = 2000));
  await expect(row(page, 545)).toBeInViewport();
  const position = async () => (await row(page, 545).boundingBox())?.y ?? 0;
  const before = await position();
  world.audit(nextRecords(world.state.audit, 3));
  await expect(page.getByRole("button", { name: "3 new records" })).toBeVisible();
  expect(await position()).toBe(before);
  await page.getByRole("button", { name: "3 new records" }).click();
  await expect(row(page, 604)).toBeInViewport();
});

test("scrolling reads on to the first record, and few rows are ever in the document", async ({ page, open }) => {
  await open(RECORDED);
  await goTo(page, "audit");
  await expect(row(page, 600)).toBeVisible();
  await expect(async () => {
    await grid(page).evaluate((view) => (view.scrollTop = view.scrollHeight));
    await expect(row(page, 1)).toBeInViewport({ timeout: 200 });
  }).toPass();
  expect(await grid(page).getByRole("row").count()).toBeLessThan(120);
});

test("verifying shows how far it is, can be stopped, and says what it came to", async ({ page, open }) => {
  const { world } = await open(RECORDED);
  await goTo(page, "audit");
  const verify = page.getByRole("button", { name: "Verify now" });
  await verify.click();
  const progress = page.getByRole("progressbar", { name: "Records verified" });
  await expect(async () => {
    world.checkFeed.publish({ type: "progress", checked: 300, total: 600 });
    await expect(progress).toHaveAttribute("aria-valuenow", "50", { timeout: 200 });
  }).toPass();
  await page.getByRole("button", { name: "Stop verifying" }).click();
  await expect(progress).toHaveCount(0);

  for (const [verdict, words] of [
    [INTACT, "Compared with 34 earlier states kept on this computer"],
    [FIRST_CONTACT, "nothing earlier to compare it with"],
    [BROKEN, "Records 500 to 503 are missing."],
  ] as const) {
    await verify.click();
    await expect(async () => {
      world.checkFeed.publish({ type: "ended", verdict });
      await expect(page.getByLabel("Result of verifying")).toContainText(words, { timeout: 200 });
    }).toPass();
  }
  await page.getByRole("button", { name: "Open record 123" }).click();
  await expect(detail(page, 123)).toBeVisible();
});

test("the trail is exported as one record a line", async ({ page, open }) => {
  await open(RECORDED);
  await goTo(page, "audit");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^audit-hetzner-1-\d{4}-\d\d-\d\d\.jsonl$/);
  const lines = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(TRAIL);
});

test("a changed trail is told on every page until a person acknowledges it", async ({ page, open }) => {
  await open(ALARMED);
  const alarm = page.getByRole("alert").filter({ hasText: "The audit trail of hetzner-1 was changed." });
  await expect(alarm).toContainText("Record 480 is not what this computer saw on");
  await goTo(page, "settings");
  await alarm.getByRole("button", { name: "See the trail" }).click();
  await expect(grid(page)).toBeVisible();
  await alarm.getByRole("button", { name: "Acknowledge…" }).click();
  await page.getByRole("button", { name: "Acknowledge and start anew" }).click();
  await expect(alarm).toHaveCount(0);
});

test("on a narrow window a record takes the table's place, which is back where it was", async ({ page, open }) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await open(RECORDED);
  await goTo(page, "audit");
  await row(page, 598).click();
  await expect(detail(page, 598).getByRole("heading", { name: /Record 598/ })).toBeFocused();
  await page.getByRole("button", { name: "Close the record" }).click();
  await expect(row(page, 598)).toBeFocused();
});

test("a team without records says what will be here, and one that does not answer says so", async ({ page, open }) => {
  await open({ servers: [sshServer(ONLINE)], status: STATUS });
  await goTo(page, "audit");
  await expect(page.getByRole("heading", { name: "Nothing on record yet" })).toBeVisible();
  await open({ servers: [sshServer(ONLINE)], status: STATUS, daemonAway: true });
  await goTo(page, "audit");
  await expect(page.locator("main").getByRole("alert")).toContainText("The team on this server does not answer");
});
