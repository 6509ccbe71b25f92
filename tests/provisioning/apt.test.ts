import { expect, test } from "vitest";
import { parseAptProgress } from "../../provisioning/commands/apt.ts";

test("downloading is the first half of an installation, unpacking the second", () => {
  const lines = ["dlstatus:3:40.0:Retrieving", "pmstatus:tmux:50.0000:Unpacking tmux", "Setting up tmux (3.3a-3)"];
  expect(lines.map(parseAptProgress)).toEqual([20, 75, null]);
});
