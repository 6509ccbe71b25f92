import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AgentName } from "../../../contract/agents.ts";
import { shippedOf } from "../../../server-agent/agent-settings/definitions.ts";
import { readLevels } from "../../../server-agent/agent-settings/read-levels.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "levels-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = () => ({ folder, mode: "server" }) as const;
const write = (text: string): void => writeFileSync(path.join(folder, "agents.yaml"), text, { mode: 0o644 });
const SHIPPED = Object.fromEntries(AgentName.options.map((name) => [name, shippedOf(name).settings.level]));

it("goes by the shipped levels where none is set", async () => {
  expect(await readLevels(place())).toEqual(SHIPPED);
  write("agents:\n  code: { effort: low }\n");
  expect(await readLevels(place())).toEqual(SHIPPED);
});

it("goes by what is set, up and down", async () => {
  write("agents:\n  code: { level: 2 }\n  infra: { level: 0 }\n");
  expect(await readLevels(place())).toEqual({ ...SHIPPED, code: 2, infra: 0 });
});

it.each(["agents:\n  code: { level: 4 }\n", "agents:\n  code: { levels: 2 }\n", "agents: [\n"])(
  "knows no level from a file with a mistake: %j",
  async (text) => {
    write(text);
    await expect(readLevels(place())).rejects.toMatchObject({ code: "agents.definition_broken" });
  },
);

it("knows no level from a file that others may change, or that is another user's", async () => {
  write("agents:\n  code: { level: 3 }\n");
  chmodSync(path.join(folder, "agents.yaml"), 0o666);
  await expect(readLevels(place())).rejects.toThrow(/may be changed by others/);
  chmodSync(path.join(folder, "agents.yaml"), 0o644);
  if (process.getuid?.() === 0) return;
  await expect(readLevels({ ...place(), daemonUid: 1 })).rejects.toThrow(/may be changed by others/);
});
