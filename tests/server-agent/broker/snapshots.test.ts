import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { changesBetween } from "../../../server-agent/broker/package-verbs.ts";
import { openSnapshots } from "../../../server-agent/broker/snapshots.ts";
import type { Kept } from "../../../contract/root-snapshots.ts";

let root: string;
beforeEach(() => {
  root = path.join(mkdtempSync(path.join(tmpdir(), "snapshots-")), "snapshots");
});
afterEach(() => rmSync(path.dirname(root), { recursive: true }));

const kept: Kept = { kind: "unit", unit: "nginx.service", isActive: true, isEnabled: true };
const about = { agent: "infra", action: "stop nginx" } as const;

it("keeps a description and files, for root alone, and reads them back newest first", async () => {
  let hour = 10;
  const snapshots = openSnapshots(root, () => new Date(Date.UTC(2026, 0, 2, hour++)));
  const first = await snapshots.take(about, async (folder) => {
    writeFileSync(path.join(folder, "volume.tar"), "x");
    return await Promise.resolve(kept);
  });
  if (!first) throw new Error("Nothing was kept");
  const second = await snapshots.take(about, async () => await Promise.resolve(kept));
  expect(await snapshots.list()).toEqual([second, first]);
  expect(first.id).toMatch(/^20260102T100000-[0-9a-f]{8}$/);
  expect(readdirSync(snapshots.folderOf(first.id)).sort()).toEqual(["snapshot.json", "volume.tar"]);
  expect([root, snapshots.folderOf(first.id)].map((place) => statSync(place).mode & 0o777)).toEqual([0o700, 0o700]);
});

it("leaves nothing of a copy that failed, or that had nothing to keep", async () => {
  const snapshots = openSnapshots(root);
  expect(await snapshots.take(about, async () => await Promise.resolve(null))).toBe(null);
  expect(readdirSync(root)).toEqual([]);
  const failing = snapshots.take(about, async () => await Promise.reject(new Error("disk full")));
  await expect(failing).rejects.toThrow("disk full");
  expect(readdirSync(root)).toEqual([]);
});

it("keeps the newest fifty", async () => {
  let second = 0;
  const snapshots = openSnapshots(root, () => new Date(Date.UTC(2026, 0, 2, 3, 4, second++)));
  for (let made = 0; made < 52; made += 1) await snapshots.take(about, async () => await Promise.resolve(kept));
  const left = readdirSync(root).sort();
  expect([left.length, left[0]?.slice(0, 15)]).toEqual([50, "20260102T030402"]);
});

it("keeps no more bytes than there is room for, and the newest in any case", async () => {
  let second = 0;
  const snapshots = openSnapshots(root, () => new Date(Date.UTC(2026, 0, 2, 3, 4, second++)), 300_000);
  const take = async (bytes: number) =>
    await snapshots.take(about, async (folder) => {
      writeFileSync(path.join(folder, "files-0.tar"), Buffer.alloc(bytes, 1));
      return await Promise.resolve(kept);
    });
  for (const bytes of [100_000, 100_000, 100_000]) await take(bytes);
  expect((await snapshots.list()).map(({ id }) => id.slice(13, 15))).toEqual(["02", "01"]);
  await take(400_000);
  expect((await snapshots.list()).map(({ id }) => id.slice(13, 15))).toEqual(["03"]);
});

it("knows what an installation brought", () => {
  const before = { a: "1", b: "1", c: "1" };
  expect(changesBetween(before, { a: "1", b: "2", d: "1" })).toEqual({
    installed: ["d"],
    upgraded: [{ name: "b", from: "1" }],
  });
});
