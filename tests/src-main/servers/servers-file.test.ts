import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Server } from "../../../contract/servers.ts";
import { serversFile } from "../../../src-main/servers/servers-file.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const server: Server = { id: "local", name: "This computer", place: { kind: "local" }, provisioned: null };

it("comes back as it was saved, readable by nobody else", async () => {
  await serversFile(home, () => {}).save([server]);
  expect(await serversFile(home, () => {}).load()).toEqual([server]);
  expect(statSync(path.join(home, "servers.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual(["servers.json"]);
});

it.each(["{ half", '{"version":1,"servers":[{"id":1}]}', '{"version":2}'])(
  "keeps a file aside that cannot be read, and says so: %s",
  async (content) => {
    writeFileSync(path.join(home, "servers.json"), content);
    const said: string[] = [];
    const file = serversFile(home, (message) => said.push(message));
    expect(await file.load()).toEqual([]);
    await file.save([server]);
    const aside = readdirSync(home).find((name) => name.startsWith("servers.broken-")) ?? "";
    expect(readFileSync(path.join(home, aside), "utf8")).toBe(content);
    expect(said).toEqual([expect.stringContaining(aside)]);
  },
);
