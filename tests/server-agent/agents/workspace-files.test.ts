import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
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
});
