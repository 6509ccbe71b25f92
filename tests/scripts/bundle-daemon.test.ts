import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
  await bundleDaemon(path.join(folder, "daemon.mjs"));
  bundle = readFileSync(path.join(folder, "daemon.mjs"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true }));

it("the daemon's bundle is ASCII, so that seven processes keep it in one byte a character", () => {
  const other = /.{0,40}[^\0-\x7F].{0,40}/.exec(bundle);
  expect(other?.[0]).toBeUndefined();
});

it.each(["You are one of a standing team of six agents", "You are the **infra** agent", "budget_usd_per_day: null"])(
  "the shipped definitions of agents are in the bundle: %s",
  (words) => {
    expect(bundle.includes(words)).toBe(true);
  },
);
