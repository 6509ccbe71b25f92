import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryFolder, type MemoryFolder } from "../../../server-agent/algorithm/memory-folder.ts";

let root: string;
let outside: string;
let memory: MemoryFolder;
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "memory-"));
  outside = mkdtempSync(path.join(tmpdir(), "outside-"));
  memory = createMemoryFolder(root);
});
afterEach(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
});

describe("the memory", () => {
  it("makes folders, replaces files whole and leaves nothing half-written", async () => {
    await memory.write("MEMORY/Learning/PLAN/a.md", "first");
    await memory.write("MEMORY/Learning/PLAN/a.md", "second");
    expect([read("MEMORY/Learning/PLAN/a.md"), readdirSync(path.join(root, "MEMORY/Learning/PLAN"))]).toEqual([
      "second",
      ["a.md"],
    ]);
  });

  it("appends each line once by its id, also after a line that was cut off", async () => {
    await memory.append("s.jsonl", [{ id: "1", passed: true }]);
    writeFileSync(path.join(root, "s.jsonl"), '{"id":"cut', { flag: "a" });
    await memory.append("s.jsonl", [{ id: "1", passed: false }, { id: "2" }]);
    await memory.append("s.jsonl", [{ id: "2" }]);
    expect(read("s.jsonl").split("\n")).toEqual(['{"id":"1","passed":true}', '{"id":"cut', '{"id":"2"}', ""]);
  });

  it("moves a folder, and nothing happens when it is not there", async () => {
    await memory.write("Work/active/r1/RUN.md", "text");
    await memory.move("Work/active/r1", "Work/archive/r1");
    await memory.move("Work/active/r1", "Work/archive/r1");
    expect([read("Work/archive/r1/RUN.md"), readdirSync(path.join(root, "Work/active"))]).toEqual(["text", []]);
  });

  it.each([
    ["a folder on the way", "MEMORY/x/a.md", "MEMORY"],
    ["the last folder", "MEMORY/a.md", "MEMORY"],
  ])("refuses %s that is a link out", async (_name, file, link) => {
    symlinkSync(outside, path.join(root, link));
    await expect(memory.write(file, "text")).rejects.toThrow(/ELOOP|ENOTDIR/);
    await expect(memory.append(file, [{ id: "1" }])).rejects.toThrow(/ELOOP|ENOTDIR/);
    expect(readdirSync(outside)).toEqual([]);
  });

  it("does not follow a file that is a link", async () => {
    const target = path.join(outside, "target");
    writeFileSync(target, "kept");
    mkdirSync(path.join(root, "MEMORY"));
    symlinkSync(target, path.join(root, "MEMORY/a.md"));
    await expect(memory.append("MEMORY/a.md", [{ id: "1" }])).rejects.toThrow(/ELOOP/);
    await memory.write("MEMORY/a.md", "replaced");
    expect([readFileSync(target, "utf8"), read("MEMORY/a.md")]).toEqual(["kept", "replaced"]);
  });

  it("refuses a path that leads out", async () => {
    await expect(memory.write("MEMORY/../../a.md", "text")).rejects.toThrow("leads out of the memory");
  });
});
