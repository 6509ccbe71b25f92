import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KnownHead } from "../../../contract/audit.ts";
import { NO_NOTES } from "../../../src-main/audit/head-notes.ts";
import { headsFile } from "../../../src-main/audit/heads-file.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-heads-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const fileOf = (serverId: string) => path.join(home, "audit-heads", `${serverId}.jsonl`);
const head = (seq: number): KnownHead => ({ seq, hash: `${seq}`, at: "2026-11-05T14:03:00.000Z" });
const at = "2026-11-06T10:00:00.000Z";
const alarm = { kind: "cut", seq: 1, known: head(2) } as const;

test("is a list of lines for the person's eyes only, which grows", async () => {
  const file = headsFile(home, "s1");
  await file.append(head(1));
  await file.append(head(2));
  expect(readFileSync(fileOf("s1"), "utf8")).toBe(`${JSON.stringify(head(1))}\n${JSON.stringify(head(2))}\n`);
  expect(statSync(fileOf("s1")).mode & 0o777).toBe(0o600);
  expect(await headsFile(home, "s1").read()).toEqual({ ...NO_NOTES, heads: [head(1), head(2)] });
  expect(await headsFile(home, "other").read()).toEqual(NO_NOTES);
});

test("sees what another shell has written since", async () => {
  const [one, other] = [headsFile(home, "s1"), headsFile(home, "s1")];
  await one.append(head(1));
  expect((await one.read()).heads).toEqual([head(1)]);
  await other.append(head(2));
  expect((await one.read()).heads).toEqual([head(1), head(2)]);
});

test("survives a torn last line: what follows stands on a line of its own", async () => {
  const file = headsFile(home, "s1");
  await file.append(head(1));
  appendFileSync(fileOf("s1"), '{"seq":2,"ha');
  expect(await file.read()).toEqual({ ...NO_NOTES, heads: [head(1)] });
  await file.append(head(3));
  const notes = { ...NO_NOTES, heads: [head(1), head(3)], unreadable: 1 };
  expect(await file.read()).toEqual(notes);
  expect(await headsFile(home, "s1").read()).toEqual(notes);
});

test("starts over when somebody made the file shorter", async () => {
  const file = headsFile(home, "s1");
  await file.append(head(1));
  await file.append(head(2));
  await file.read();
  writeFileSync(fileOf("s1"), `${JSON.stringify(head(1))}\n`);
  expect((await file.read()).heads).toEqual([head(1)]);
});

test("keeps the first alarm until it is acknowledged, after which older heads count no more", async () => {
  const file = headsFile(home, "s1");
  await file.append(head(2));
  await file.append({ at, alarm });
  await file.append({ at: "2026-11-07T10:00:00.000Z", alarm: { ...alarm, seq: 0 } });
  expect((await headsFile(home, "s1").read()).alarm).toEqual({ at, fault: alarm });
  await file.append({ at: "2026-11-08T10:00:00.000Z", restart: "acknowledged" });
  await file.append(head(3));
  const expected = { ...NO_NOTES, heads: [head(3)], restartedAt: "2026-11-08T10:00:00.000Z" };
  expect(await headsFile(home, "s1").read()).toEqual(expected);
});
