import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorkspaceFiles, type WorkspaceFiles } from "../../../server-agent/agents/workspace-files.ts";

let folder: string;
let workspace: string;
let files: WorkspaceFiles;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "workspace-files-"));
  workspace = path.join(folder, "workspace");
  mkdirSync(workspace);
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  files = createWorkspaceFiles(workspace);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function namesBelow(place: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of files.walk(place, new AbortController().signal)) found.push(file.path);
  return found;
}

describe("workspace files", () => {
  it("writes a file with its folders, reads it back and lists it", async () => {
    await files.write("notes/today.md", "first");
    await files.write("notes/today.md", "2nd");
    expect(await files.read(path.join(workspace, "notes/today.md"))).toBe("2nd");
    expect(await files.list(".")).toBe("notes/");
  });

  it("replaces a file in one move, keeps its rights and leaves nothing beside it", async () => {
    const script = path.join(workspace, "run.sh");
    writeFileSync(script, "old");
    chmodSync(script, 0o750);
    const reader = openSync(script, "r");
    await files.write("run.sh", "new");
    expect(readFileSync(reader, "utf8")).toBe("old");
    closeSync(reader);
    expect(readFileSync(script, "utf8")).toBe("new");
    expect(statSync(script).mode & 0o777).toBe(0o750);
    expect(await files.list(".")).toBe("run.sh");
  });

  it.each(["../secret.txt", "/etc/passwd", "a/../../secret.txt"])("refuses the path %s", async (file) => {
    await expect(files.read(file)).rejects.toThrow("outside the workspace");
    await expect(files.write(file, "x")).rejects.toThrow("outside the workspace");
  });

  it("refuses a symbolic link, as a file and as a folder on the way", async () => {
    symlinkSync(path.join(folder, "secret.txt"), path.join(workspace, "link.txt"));
    symlinkSync(folder, path.join(workspace, "up"));
    await expect(files.read("link.txt")).rejects.toThrow("symbolic link");
    await expect(files.write("link.txt", "x")).rejects.toThrow("symbolic link");
    await expect(files.read("up/secret.txt")).rejects.toThrow("outside the workspace");
    await expect(files.write("up/new/file.txt", "x")).rejects.toThrow("outside the workspace");
    await expect(files.list("up")).rejects.toThrow("outside the workspace");
    expect(readFileSync(path.join(folder, "secret.txt"), "utf8")).toBe("secret");
  });

  it("says what a file is that cannot be read as text", async () => {
    writeFileSync(path.join(workspace, "picture.png"), Buffer.from([137, 80, 0, 71]));
    writeFileSync(path.join(workspace, "big.txt"), "x".repeat(300_000));
    expect(await files.read("picture.png")).toBe("(binary file of 4 bytes)");
    expect(await files.read("big.txt")).toMatch(/… 37856 bytes more$/);
    await expect(files.read("missing.txt")).rejects.toThrow("missing.txt does not exist");
    await expect(files.read(".")).rejects.toThrow("is a folder");
  });

  it("gives the lines that are asked for and says what it leaves out", async () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at + 1}`);
    writeFileSync(path.join(workspace, "log.txt"), lines.join("\n"));
    expect(await files.read("log.txt", { offset: 49_999 })).toBe("line 49999\nline 50000");
    expect(await files.read("log.txt", { offset: 20_000, limit: 2 })).toMatch(
      /^line 20000\nline 20001\n… \d+ bytes more$/,
    );
    expect(await files.read("log.txt", { limit: 1 })).toMatch(/^line 1\n… \d+ bytes more$/);
    await expect(files.read("log.txt", { offset: 50_001 })).rejects.toThrow("fewer than 50001 lines");
  });

  it("changes a file through its text and refuses when somebody else changed it meanwhile", async () => {
    const file = path.join(workspace, "a.txt");
    writeFileSync(file, "one two");
    await files.edit("a.txt", (text) => text.replace("one", "three"));
    expect(readFileSync(file, "utf8")).toBe("three two");
    const meddled = files.edit("a.txt", (text) => {
      writeFileSync(file, "theirs");
      return `${text}!`;
    });
    await expect(meddled).rejects.toThrow("changed by somebody else meanwhile");
    expect(readFileSync(file, "utf8")).toBe("theirs");
    writeFileSync(file, Buffer.from([0xff, 0xfe]));
    await expect(files.edit("a.txt", () => "")).rejects.toThrow("not a UTF-8 text");
  });

  it("reads below the other folders it is given, and writes there never", async () => {
    const site = path.join(folder, "www");
    mkdirSync(site);
    writeFileSync(path.join(site, "index.html"), "<h1>");
    symlinkSync(path.join(folder, "secret.txt"), path.join(site, "secret"));
    const both = createWorkspaceFiles(workspace, { reads: [site], writes: [] });
    expect(await both.read(path.join(site, "index.html"))).toBe("<h1>");
    expect(await both.list("../www")).toBe("index.html\nsecret (link)");
    await expect(both.read(path.join(site, "secret"))).rejects.toThrow("symbolic link");
    await expect(both.read(path.join(site, "../secret.txt"))).rejects.toThrow("outside the workspace");
    await expect(both.write(path.join(site, "index.html"), "x")).rejects.toThrow("outside the workspace");
    await expect(both.edit(path.join(site, "index.html"), () => "x")).rejects.toThrow("outside the workspace");
  });

  it("walks through folders without following links", async () => {
    mkdirSync(path.join(workspace, "a/.git"), { recursive: true });
    mkdirSync(path.join(workspace, "node_modules"));
    for (const file of ["a/b.ts", "a/.git/config", "node_modules/x.js", ".env"]) {
      writeFileSync(path.join(workspace, file), "");
    }
    symlinkSync(folder, path.join(workspace, "up"));
    symlinkSync(workspace, path.join(workspace, "round"));
    expect((await namesBelow(".")).sort()).toEqual([".env", "a/b.ts"]);
  });
});

/** Swaps a folder for a link to one outside, over and over, from another process. */
function startSwapping(place: string, target: string): ChildProcess {
  const script = `
    const fs = require("node:fs");
    const [place, target] = process.argv.slice(1);
    // A folder that a write made meanwhile gives way.
    const move = (from, to) => {
      for (;;) {
        try {
          return fs.renameSync(from, to);
        } catch {
          try {
            fs.rmSync(to, { recursive: true });
          } catch {} // written to meanwhile: again
        }
      }
    };
    fs.symlinkSync(target, place + ".link");
    for (;;) {
      fs.renameSync(place, place + ".folder");
      move(place + ".link", place);
      fs.renameSync(place, place + ".link");
      move(place + ".folder", place);
    }`;
  return spawn(process.execPath, ["-e", script, place, target], { stdio: "inherit" });
}

it("a folder that is swapped for a link all the time never leads out", async () => {
  const outside = path.join(folder, "outside");
  const inner = path.join(workspace, "inner");
  for (const each of [outside, inner]) mkdirSync(each);
  writeFileSync(path.join(outside, "file.txt"), "secret");
  writeFileSync(path.join(inner, "file.txt"), "inside");
  const swapper = startSwapping(inner, outside);
  const ended = once(swapper, "exit");
  const results = new Map<string, number>();
  const note = (result: string): unknown => results.set(result, (results.get(result) ?? 0) + 1);
  try {
    const end = Date.now() + 1_500;
    while (Date.now() < end) {
      note(await files.read("inner/file.txt").catch((error: Error) => error.message));
      await files.write("inner/new/mine.txt", "x").catch(() => undefined);
      await files.edit("inner/file.txt", (text) => text).catch(() => undefined);
      for (const file of await namesBelow("inner").catch(() => [])) note(`walked ${file}`);
    }
  } finally {
    swapper.kill("SIGKILL");
    await ended;
  }
  expect(swapper.signalCode).toBe("SIGKILL");
  expect([...results.keys()]).not.toContain("secret");
  expect(results.get("inside")).toBeGreaterThan(0);
  expect(readdirSync(outside)).toEqual(["file.txt"]);
  expect(readFileSync(path.join(outside, "file.txt"), "utf8")).toBe("secret");
});
