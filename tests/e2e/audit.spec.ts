import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type AuditRecord } from "../../contract/audit.ts";
import { DaemonConfig } from "../../contract/daemon-config.ts";
import { findPlaces } from "../../src-main/local/places.ts";
import { chain } from "../support/audit-trail.ts";
import { createCli } from "../support/cli.ts";
import { forge } from "../support/forge-trail.ts";

let home: string;
let cli: ReturnType<typeof createCli>;

test.beforeEach(() => {
  home = mkdtempSync("/tmp/audit-e2e-");
  spawnSync("chmod", ["755", home]);
  cli = createCli(home);
});
test.afterEach(async () => {
  const { root } = findPlaces(home, process.getuid?.() === 0);
  await cli(["local", "stop"]);
  for (const left of [home, root]) rmSync(left, { recursive: true, force: true });
});

/** As PostgreSQL's superuser, past the daemon. */
async function changeDatabase(statement: string): Promise<void> {
  const { config } = findPlaces(home, process.getuid?.() === 0);
  const { postgres } = DaemonConfig.parse(JSON.parse(readFileSync(path.join(config, "daemon.json"), "utf8")));
  await forge(postgres, statement);
}

test("the command line lists, exports and verifies what a team did, and says when it was changed", async () => {
  expect((await cli(["local", "start", "--model", "simulated"])).exitCode).toBe(0);
  expect((await cli(["chat", "run echo something to remember"])).exitCode).toBe(0);

  const filter = ["--agent", "code", "--kind", "call_started", "--text", "SOMETHING to", "--limit", "5"];
  const listed = await cli(["audit", "list", ...filter]);
  expect(listed.result).toMatchObject({ ok: true, hasMore: false });
  expect((listed.result["records"] as AuditRecord[]).map(({ agent, detail }) => [agent, detail])).toEqual([
    ["code", expect.stringContaining("echo something to remember")],
  ]);
  expect((await cli(["audit", "list", "--kind", "nonsense"])).exitCode).toBe(2);

  const verified = await cli(["audit", "verify"]);
  expect([verified.exitCode, verified.result["ok"], verified.result["state"]]).toEqual([0, true, "intact"]);
  expect(verified.events.at(-1)).toMatchObject({ type: "progress" });

  const file = path.join(home, "trail.jsonl");
  const exported = await cli(["audit", "export", file]);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const records = lines.map((line) => JSON.parse(line) as AuditRecord);
  expect(exported.result).toEqual({ ok: true, records: records.length, file });
  expect(chain(records)).toEqual(records);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await cli(["audit", "export", file])).exitCode).toBe(2);
  const streamed = await cli(["audit", "export"]);
  expect(streamed.events.slice(0, records.length)).toEqual(records);

  await changeDatabase(`update audit set detail = replace(detail, 'remember', 'forget') where kind = 'prompt'`);
  const changed = await cli(["audit", "verify"]);
  const prompts = records.filter(({ kind }) => kind === "prompt").map(({ seq }) => ({ kind: "changed", seq }));
  expect([changed.exitCode, changed.result["ok"]]).toEqual([1, false]);
  expect(changed.result["faults"]).toEqual(prompts.map((fault) => expect.objectContaining(fault)));
});
