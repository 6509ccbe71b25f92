import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { KEPT } from "../support/fake-host-snapshots.ts";
import { goTo, test } from "../support/page-test.ts";

test("what was kept stands in a list, and one click puts it back and offers to undo that", async ({ page, open }) => {
  await open(KEPT);
  await goTo(page, "snapshots");
  const folder = page.getByRole("listitem").filter({ hasText: "/workspace/old-shop" }).filter({ hasText: "rm -rf" });
  await expect(folder.first()).toContainText("48 MB");
  await page.getByRole("button", { name: "Restore /workspace/old-shop" }).click();
  await expect(page.getByText("Restored /workspace/old-shop")).toBeVisible();
  await expect(folder.first()).toContainText("Before the restore of what was kept before: rm -rf old-shop");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("What was there before is back")).toBeVisible();
});

test("a restore that fails says why, and can be tried again", async ({ page, open }) => {
  await open(KEPT);
  await goTo(page, "snapshots");
  const table = page.getByRole("listitem").filter({ hasText: "public.orders and 2 more" });
  await table.getByRole("button", { name: /^Restore/ }).click();
  await expect(table.getByRole("alert")).toContainText("late_orders depends on table orders");
  await expect(table.getByRole("button", { name: "Try again" })).toBeVisible();
});

test("one that made room for others cannot be restored", async ({ page, open }) => {
  await open(KEPT);
  await goTo(page, "snapshots");
  const gone = page.getByRole("listitem").filter({ hasText: "/workspace/build" });
  await expect(gone).toContainText("made room for newer ones");
  await expect(gone.getByRole("button", { name: /^Restore/ })).toHaveCount(0);
});

test("a task shows what was kept before its calls", async ({ page, open }) => {
  await open(KEPT);
  await goTo(page, "tasks/t2");
  const kept = page.getByRole("region", { name: "Kept before" });
  await expect(kept.getByRole("listitem")).toHaveCount(3);
  await expect(kept).toContainText(/restored \d+ min ago by ai-infrastructure\/0\.1\.0 \(lea@thinkpad\)/);
});

test("a server on which nothing was destroyed says what the page is for", async ({ page, open }) => {
  await open({ ...KEPT, snapshots: [] });
  await goTo(page, "snapshots");
  await expect(page.getByRole("heading", { name: "No snapshots yet" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`snapshots have no accessibility fault in the ${theme} theme, from 400 pixels`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await open(KEPT);
    for (const [place, width] of [
      ["snapshots", 1200],
      ["snapshots", 400],
      ["tasks/t2", 1000],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await goTo(page, place);
      await expect(page.getByText("git -C shop reset --hard origin/main")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${place} ${id}: ${html}`))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
}
