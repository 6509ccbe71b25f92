import { expect } from "@playwright/test";
import type { AlgorithmRun } from "../../contract/algorithm.ts";
import { ALGORITHM, RUN, STUCK } from "../support/fake-host-run.ts";
import { expectAccessible } from "../support/page-session.ts";
import { EMPTY_CHAT } from "../support/fake-host-scenes.ts";
import { goTo, test } from "../support/page-test.ts";

test.describe("a run of the Algorithm", () => {
  test("shows its phases, its criteria with their evidence, and every round", async ({ page, open }) => {
    await open(ALGORITHM);
    await goTo(page, "tasks/run");
    const phases = page.getByRole("list", { name: "Phases" }).getByRole("listitem");
    await expect(phases).toHaveText([
      "OBSERVEdone",
      "THINKdone",
      "PLANdone",
      "BUILDdone",
      "EXECUTEunder way",
      "VERIFYto come",
      "LEARNto come",
    ]);
    const criteria = page.getByRole("region", { name: "Criteria" });
    await expect(criteria).toContainText("0 of 4 criteria passed");
    await criteria.getByText("The table orders holds 4,812 rows").click();
    await expect(criteria.getByLabel("Evidence for ISC-1 in round 1")).toHaveText("4810\nexit code 1");
    await expect(page.getByRole("region", { name: "Round 1" })).toContainText("Sent back to EXECUTE: Two orders");
    await expectAccessible(page, "a run");
  });

  test("moves on as it happens, and its card in the conversation says how far it is", async ({ page, open }) => {
    const host = await open(ALGORITHM);
    const card = page.getByRole("region", { name: /Task of Supervisor: Move the shop/ });
    await expect(card).toContainText("EXECUTEround 20 of 4 criteria passed");
    const passed: AlgorithmRun = {
      ...RUN,
      state: "passed",
      criteria: RUN.criteria.map((one) => (one.state === "dropped" ? one : { ...one, state: "passed" })),
    };
    host.world.store({ type: "algorithm_changed", run: passed });
    await expect(card).toContainText("verifiedround 24 of 4 criteria passed");
  });

  test("asks the person who stands in front of it", async ({ page, open }) => {
    await open(STUCK);
    await expect(page.getByText("Try round 4, from EXECUTE on")).toBeVisible();
    await expect(page.getByRole("list", { name: "Phases" })).toContainText("VERIFY: needs you");
  });

  test("leads from a phase's task to what its agent was told and back to the run", async ({ page, open }) => {
    await open(ALGORITHM);
    await goTo(page, "tasks/run");
    await page.getByRole("button", { name: /THINK Copy, count/ }).click();
    await expect(page.getByRole("heading", { name: "THINK", level: 1 })).toBeVisible();
    await page.getByText("What the agent was told").click();
    await expect(page.getByLabel("Request", { exact: true })).toContainText("This is one phase of The Algorithm.");
    await page.getByRole("button", { name: "Show the run" }).click();
    await expect(page.getByRole("list", { name: "Phases" })).toBeVisible();
  });
});

test.describe("how a message is worked on", () => {
  test("is the supervisor's choice, until a person forces it for one message", async ({ page, open }) => {
    const host = await open(EMPTY_CHAT);
    const composer = page.getByRole("textbox", { name: "Message the team" });
    await page.getByRole("button", { name: "How to work on it: Auto" }).click();
    await expect(page.getByRole("menuitemradio", { name: /^Auto/ })).toBeChecked();
    await page.getByRole("menuitemradio", { name: /^Algorithm/ }).click();
    await composer.fill("first");
    await composer.press("Enter");
    await composer.fill("second");
    await composer.press("Enter");
    await expect
      .poll(() => host.world.state.sent.map(({ text, mode }) => `${text} ${mode}`))
      .toEqual(["first algorithm", "second auto"]);
  });

  test("cannot be forced for a message to a specialist", async ({ page, open }) => {
    await open(EMPTY_CHAT);
    await page.getByRole("textbox", { name: "Message the team" }).fill("@code hello");
    await expect(page.getByText("To Code")).toBeVisible();
    await expect(page.getByRole("button", { name: /How to work on it/ })).toHaveCount(0);
  });
});
