import { expect } from "@playwright/test";
import { message, task, WORKING } from "../support/fake-host-scenes.ts";
import { test } from "../support/page-test.ts";

const asked = message("m9", { role: "person", agent: null, taskId: "t9", text: "And then?" });
const queued = task("t9", { request: "And then?", state: "queued", startedAt: null });
const BUSY = { ...WORKING, messages: [...(WORKING.messages ?? []), asked], tasks: [...(WORKING.tasks ?? []), queued] };

test("a message that waits behind other work says so, and can be taken back", async ({ page, open }) => {
  const { world } = await open(BUSY);
  const said = page.getByRole("article", { name: "You said" });
  await expect(said.last()).toContainText("Queued: Supervisor is at another task");
  await expect(page.getByText("Queued:")).toHaveCount(1);
  await said.last().getByRole("button", { name: "Take back" }).click();
  await expect.poll(() => world.state.tasks.get("t9")?.state).toBe("cancelled");
  await expect(said.last()).toContainText("Taken back");
});

test("a message that is begun says nothing but its time, to who points at it", async ({ page, open }) => {
  const { world } = await open(BUSY);
  const said = page.getByRole("article", { name: "You said" }).last();
  await expect(said).toContainText("Queued");
  world.store({ type: "task_changed", task: { ...queued, state: "running", startedAt: queued.createdAt } });
  await expect(said).not.toContainText("Queued");
  await said.getByText("And then?").hover();
  // Nothing lies over it, and it is not cut off.
  await said.locator("time").click({ trial: true });
  await expect(said.locator("time")).toBeInViewport({ ratio: 1 });
});
