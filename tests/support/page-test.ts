import { expect, test as base, type Page } from "@playwright/test";
import { startFakeHost, type FakeHost } from "./fake-host.ts";
import type { Scene, World } from "./fake-host-world.ts";

/** The page's states on a host that is a stand-in; the real host is driven by the other specs. */
export const test = base.extend<{ open: (scene: Scene) => Promise<FakeHost> }>({
  open: async ({ page }, use) => {
    const hosts: FakeHost[] = [];
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error" && line.text().includes("Content Security Policy")) faults.push(line.text());
    });
    await use(async (scene) => {
      const host = await startFakeHost(scene);
      hosts.push(host);
      await page.goto(host.address);
      return host;
    });
    for (const host of hosts) await host.close();
    expect(faults).toEqual([]);
  },
});

export const goTo = (page: Page, place: string) => page.evaluate((hash) => (location.hash = hash), `#/${place}`);

/** Presses the button and waits until the host was asked to start, so that what a test lets happen then is heard. */
export async function startRun(page: Page, { state }: World): Promise<void> {
  await page.getByRole("button", { name: "Provision hetzner-1" }).click();
  await expect.poll(() => state.run.length).toBeGreaterThan(0);
}
