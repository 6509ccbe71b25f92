import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryFolder, type MemoryFolder } from "../../../server-agent/platform/memory-folder.ts";

let root: string;
let outside: string;
let memory: MemoryFolder;
async function list(folder: string): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const { path: file, bytes } of memory.list(folder, ".md")) found.push([file, bytes]);
  return found;
}
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

  it("lists files below a folder by their ending, and reads their start", async () => {
    await memory.write("MEMORY/a.md", "first text");
    await memory.write("MEMORY/deep/er/b.md", "other");
    await memory.write("MEMORY/c.json", "{}");
    expect(await list("MEMORY")).toEqual([
      ["MEMORY/a.md", 10],
      ["MEMORY/deep/er/b.md", 5],
    ]);
    expect([await memory.read("MEMORY/a.md", 5), await memory.read("MEMORY/none.md", 5)]).toEqual(["first", null]);
    expect(await list("NOTHING")).toEqual([]);
  });

  it("neither lists nor reads through links, and does not wait for a pipe", async () => {
    writeFileSync(path.join(outside, "a.md"), "secret");
    mkdirSync(path.join(root, "MEMORY"));
    symlinkSync(outside, path.join(root, "MEMORY/away"));
    symlinkSync(path.join(outside, "a.md"), path.join(root, "MEMORY/link.md"));
    execFileSync("mkfifo", [path.join(root, "MEMORY/pipe.md")]);
    expect(await list("MEMORY")).toEqual([]);
    for (const file of ["away/a.md", "link.md", "pipe.md"]) expect(await memory.read(`MEMORY/${file}`, 100)).toBeNull();
  });
});
