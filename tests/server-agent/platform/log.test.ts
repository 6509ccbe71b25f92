import { expect, test } from "vitest";
import { createLog } from "../../../server-agent/platform/log.ts";

function logged(secrets: readonly string[], level?: string) {
  const lines: string[] = [];
  return { lines, log: createLog({ secrets, level, write: (line) => lines.push(line) }) };
}

test("hides known secrets wherever they stand, also in errors and quoted", () => {
  const { lines, log } = logged(['pass"word', "sk-ant-1234"]);
  log.error('refused pass"word', { error: new Error("with sk-ant-1234"), nested: { key: "sk-ant-1234" } });
  expect(lines.join("")).not.toMatch(/sk-ant|pass\\"word/);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ message: "refused [hidden]", nested: { key: "[hidden]" } });
});

test("leaves out what is below the level", () => {
  const { lines, log } = logged([], "warn");
  log.info("no");
  log.warn("yes");
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(["yes"]);
});
