import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { DRIFTED, OVERVIEW } from "../support/fake-host-overview.ts";
import { PLAN } from "../support/fake-host-plan.ts";
import { FRESH, sshServer } from "../support/fake-host-scenes.ts";
import { expectAccessible } from "../support/page-session.ts";
import { goTo, startRun, test } from "../support/page-test.ts";

const SETTLED = {
  ...DRIFTED,
  plan: { ...PLAN, steps: PLAN.steps.map((step) => ({ ...step, state: "satisfied" as const, changes: [] })) },
};

test("a provisioned server says what it runs, how full it is, what ends soon and what can be updated", async ({
  page,
  open,
}) => {
  await open(DRIFTED);
  await goTo(page, "server");
  const overview = page.getByRole("region", { name: "Overview" });
  const card = (name: string) => overview.getByRole("region", { name });
  await expect(card("Versions")).toContainText("15.14");
  await expect(card("Services").getByRole("listitem").filter({ hasText: "shop-import.service" })).toContainText(
    "failed",
  );
  await expect(card("Disk and memory")).toContainText("900 MB of 20 GB free, almost full");
  await expect(card("Certificates").getByRole("listitem").first()).toContainText("shop.example and 1 more6 days left");
  await expect(card("Updates")).toContainText("12 package updates, 3 for security");
  await expect(card("Updates")).toContainText("The team has an update");
  await expect(card("Last backup")).toContainText("None yet");
});

test("what is not as it should be is shown line by line, the rest folded, and *Update* starts a run of it", async ({
  page,
  open,
}) => {
  const { world } = await open(DRIFTED);
  await goTo(page, "server");
  const section = page.getByRole("region", { name: "Provisioning" });
  await expect(section).toContainText("2 steps are not as this app would leave it");
  await expect(section.getByText("upload daemon.mjs (6.2 MB)")).toBeVisible();
  await expect(section.getByText("Base packages")).toBeHidden();
  await section.getByText("6 steps are as they should be").click();
  await expect(section.getByText("Base packages")).toBeVisible();
  await section.getByRole("button", { name: "Update hetzner-1" }).click();
  await expect(section.getByText("0 of 8 steps")).toBeVisible();
  expect(world.state.run).toHaveLength(1);
});

test("package updates are installed by one click, with what differs", async ({ page, open }) => {
  const { world } = await open(DRIFTED);
  await goTo(page, "server");
  const card = page.getByRole("region", { name: "Overview" }).getByRole("region", { name: "Updates" });
  await expect(card).toContainText("What differs above is set right in the same run.");
  await card.getByRole("button", { name: "Install 12 package updates" }).click();
  await expect.poll(() => world.state.wished).toEqual({ packageUpdates: true });
  await expect(page.getByText("0 of 8 steps")).toBeVisible();
  await expect(card.getByRole("button", { name: "Install 12 package updates" })).toBeDisabled();
});

test("a server without drift says so in one line", async ({ page, open }) => {
  await open(SETTLED);
  await goTo(page, "server");
  await expect(page.getByText("Nothing to change. hetzner-1 is as it should be.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Update hetzner-1" })).toHaveCount(0);
});

test("while it is asked, when it does not answer, and when it is away, the overview says so", async ({
  page,
  open,
}) => {
  await open({ ...SETTLED, overviewSilent: true });
  await goTo(page, "server");
  await expect(page.getByText("Asking hetzner-1 how it is")).toBeAttached();

  const overviewError = { code: "app.timed_out", message: "It did not answer within 60 s" } as const;
  await open({ ...SETTLED, overviewError });
  await goTo(page, "server");
  await expect(page.getByRole("alert")).toContainText("It did not answer within 60 s");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();

  await open({ ...SETTLED, servers: [sshServer({ state: "connecting", attempt: 1 })] });
  await goTo(page, "server");
  await expect(page.getByText("are read when the server is connected")).toBeVisible();

  const { world } = await open(SETTLED);
  await goTo(page, "server");
  await expect(page.getByText("blog.example")).toBeVisible();
  world.connect({ state: "offline" });
  await expect(page.getByText(/^Not connected; read/)).toBeVisible();
  await expect(page.getByText("blog.example")).toBeVisible();
});

test("the summary is saved as a file with what to keep about the server", async ({ page, open }) => {
  await open(SETTLED);
  await goTo(page, "server");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save summary" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(/^server-hetzner-1-\d{4}-\d\d-\d\d\.md$/);
  const text = await readFile(await download.path(), "utf8");
  expect(text).toContain(`ED25519 256: \`${OVERVIEW.hostKeys[0]?.fingerprint}\``);
  expect(text).toContain("From outside: 22/tcp (sshd), 80/tcp (nginx)");
});

test("the preflight shows what was looked at, and what speaks against the server", async ({ page, open }) => {
  const blockers = [
    { code: "provision.port_taken", message: "Port 80 is taken by apache2" },
    { code: "provision.port_taken", message: "Port 443 is taken by apache2" },
  ] as const;
  await open({ ...FRESH, plan: { ...PLAN, blockers: [...blockers] } });
  await goTo(page, "server");
  const preflight = page.getByRole("region", { name: "Preflight" });
  await expect(preflight).toContainText("1 of 6 speak against it");
  await expect(preflight.getByRole("listitem").filter({ hasText: "Ports" })).toContainText(
    "Port 80 is taken by apache2; Port 443 is taken by apache2",
  );
  await expect(preflight.getByRole("listitem").filter({ hasText: "Disk" })).toContainText("34 GB free");
  await expect(page.getByRole("alert")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Provision hetzner-1" })).toBeDisabled();
});

test("a run tells the last line of each step that runs, stops when told to, and says where it would go on", async ({
  page,
  open,
}) => {
  const { world } = await open(FRESH);
  await goTo(page, "server");
  await startRun(page, world);
  world.runEvent({ type: "step_started", id: "packages", at: new Date().toISOString() });
  world.runEvent({ type: "step_log", id: "packages", line: "Unpacking tmux" });
  await expect(page.getByRole("listitem").filter({ hasText: "Base packages" })).toContainText("Unpacking tmux");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("button", { name: "Stopping" })).toBeDisabled();
  const error = { code: "app.cancelled", message: "Provisioning was cancelled" } as const;
  world.runEvent({ type: "step_ended", result: { id: "packages", state: "failed", ms: 900 }, error });
  world.runEvent({ type: "ended", result: { ok: false, changed: 0, steps: [], error } });
  await expect(page.getByText("The run goes on at Base packages.")).toBeVisible();
});

for (const width of [480, 1440]) {
  test(`the server page has no serious fault and nothing that sticks out, ${width} pixels wide`, async ({
    page,
    open,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(DRIFTED);
    await goTo(page, "server");
    await expect(page.getByText("blog.example")).toBeVisible();
    await expectAccessible(page, "overview");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await open(FRESH);
    await goTo(page, "server");
    await expect(page.getByRole("region", { name: "Preflight" })).toBeVisible();
    await expectAccessible(page, "preflight");
  });
}
