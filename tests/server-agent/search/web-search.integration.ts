import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

const KEY = "canary-search-key-0987654321";
const asked: { url: string; token: unknown }[] = [];
/** Brave's part. It tells the key back, as a careless one could. */
const provider = createServer((request, response) => {
  asked.push({ url: request.url ?? "", token: request.headers["x-subscription-token"] });
  const found = { title: "Tides", url: "https://sea.example/tides", description: `High at noon, said ${KEY}` };
  response.end(JSON.stringify({ web: { results: [found] } }));
});

let team: TestTeam;
let credentials: string;
beforeAll(async () => {
  credentials = mkdtempSync(path.join(tmpdir(), "credentials-"));
  writeFileSync(path.join(credentials, "search-key"), `${KEY}\n`);
  process.env["CREDENTIALS_DIRECTORY"] = credentials;
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  team = await createTeam({ webSearch: { provider: "brave", url: `http://127.0.0.1:${port}` } });
});
afterAll(async () => {
  delete process.env["CREDENTIALS_DIRECTORY"];
  await team?.remove();
  provider.close();
  rmSync(credentials, { recursive: true, force: true });
});

it("an agent searches with the provider that is set, whose key stays with the daemon", async () => {
  const task = await team.whenEnded(await team.send("search the web for the tides of today"));
  expect(task).toMatchObject({ state: "done", result: expect.stringContaining("https://sea.example/tides") });
  expect(asked).toEqual([{ url: "/res/v1/web/search?q=the+tides+of+today", token: KEY }]);
  expect(team.screen("research")).toContain("search");
  expect(JSON.stringify(task)).not.toContain(KEY);
  expect(team.screen("research") + team.screen("supervisor")).not.toContain(KEY);
  const status = await (await team.app()).status.get();
  expect(status.webSearch).toMatchObject({ provider: "brave" });
});
