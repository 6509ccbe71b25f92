import type { Question } from "../../contract/servers.ts";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { PLAN } from "../support/fake-host-plan.ts";
import { ALARMED, BROKEN, RECORDED } from "../support/fake-host-trail.ts";
import { FOUND_KEY, FRESH, ONLINE } from "../support/fake-host-scenes.ts";
import { goTo, test } from "../support/page-test.ts";

async function expectNoFault(page: Page, what: string): Promise<void> {
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const faults = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
  expect(faults, what).toEqual([]);
}

const hostKey = { kind: "host_key", hostKey: FOUND_KEY } as const;
const PLACES = ["chat", "agents", "tasks", "terminals", "audit", "server", "settings"];
const passphrase = { kind: "passphrase", keyFile: "~/.ssh/id_ed25519", wrong: true } as const;
const password = { kind: "password", user: "deploy", wrong: true } as const;
const agentKey: Question = {
  kind: "agent_key",
  keys: [
    { algorithm: "ssh-ed25519", fingerprint: `SHA256:${"a".repeat(43)}`, comment: "ann@laptop" },
    { algorithm: "ssh-rsa", fingerprint: `SHA256:${"b".repeat(43)}`, comment: "work" },
  ],
  refused: `SHA256:${"a".repeat(43)}`,
  jumpHost: "bastion.example.com",
};

for (const theme of ["light", "dark"] as const) {
  test(`no place of the page has an accessibility fault in the ${theme} theme`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await open({ ...RECORDED, plan: PLAN });
    for (const place of [...PLACES, "tasks/t1", "audit/597"]) {
      await goTo(page, place);
      await expectNoFault(page, place);
    }
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoFault(page, "palette");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 880, height: 800 });
    await page.keyboard.press("Control+j");
    await expect(page.getByRole("dialog", { name: "Terminals" })).toBeVisible();
    await expectNoFault(page, "sheet of terminals");
  });

  test(`a changed audit trail is told without an accessibility fault in the ${theme} theme`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const { world } = await open(ALARMED);
    await goTo(page, "audit");
    await page.getByRole("button", { name: "Verify now" }).click();
    await expect(page.getByRole("progressbar")).toBeVisible();
    await expectNoFault(page, "verifying");
    world.checkFeed.publish({ type: "ended", verdict: BROKEN });
    await expect(page.getByText("The trail was changed", { exact: true })).toBeVisible();
    await expectNoFault(page, "a broken trail");
    await page.getByRole("button", { name: "Acknowledge…" }).click();
    await expectNoFault(page, "acknowledging");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 400, height: 800 });
    await expectNoFault(page, "on a phone");
  });

  test(`nothing that a first connection shows has an accessibility fault in the ${theme} theme`, async ({
    page,
    open,
  }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await open({});
    await expectNoFault(page, "welcome");
    await page.getByRole("button", { name: "Add a server" }).click();
    await page.getByRole("button", { name: "Add and connect" }).click();
    await expectNoFault(page, "form with a problem");
    const { world } = await open(FRESH);
    await goTo(page, "server");
    await expectNoFault(page, "plan");
    for (const question of [hostKey, passphrase, password, agentKey]) {
      world.connect({ state: "asking", question });
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoFault(page, question.kind);
      world.connect(ONLINE);
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
  });
}

test("nothing sticks out sideways, from 400 to 3840 pixels wide", async ({ page, open }) => {
  await open({ ...ALARMED, plan: PLAN });
  for (const width of [400, 900, 1000, 1440, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    for (const place of [...PLACES, "audit/597"]) {
      await goTo(page, place);
      await expect(page.locator("main")).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    }
  }
});

test("a window that becomes narrow keeps its page in sight; terminals come over it when asked for", async ({
  page,
  open,
}) => {
  await open(RECORDED);
  const beside = page.getByRole("complementary", { name: "Terminals" });
  const over = page.getByRole("dialog", { name: "Terminals" });
  await page.getByRole("button", { name: "Show terminals" }).click();
  await expect(beside).toBeVisible();
  await page.setViewportSize({ width: 800, height: 800 });
  await expect(page.getByRole("button", { name: "Show terminals" })).toBeVisible();
  await expect(over).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: "Show terminals" }).click();
  await expect(over).toBeVisible();
  await page.setViewportSize({ width: 1440, height: 800 });
  await expect(over).toHaveCount(0);
  await expect(beside).toBeVisible();
});
