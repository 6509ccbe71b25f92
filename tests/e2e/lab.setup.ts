import { test } from "@playwright/test";
import { labAvailable } from "../support/lab-server.ts";
import { buildEquipped } from "../support/lab-server-base.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);

test("the trees are there that lab servers are copied from", async () => {
  test.setTimeout(1_800_000);
  await buildEquipped();
});
