import { expect, test } from "vitest";
import { readWishes } from "../../../src-main/cli/wishes.ts";

test("what is not named stays as it is, and package updates are installed only when they are", () => {
  expect([readWishes({}), readWishes({ "package-updates": true })]).toEqual([{}, { packageUpdates: true }]);
});
