import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentTool } from "../../../../server-agent/agents/agent-tool.ts";
import { editFileTool, readFileTool } from "../../../../server-agent/agents/tools/file-tools.ts";
import { globTool } from "../../../../server-agent/agents/tools/glob.ts";
import { createWorkspaceFiles } from "../../../../server-agent/agents/workspace-files.ts";
import { useTool } from "../../../support/use-tool.ts";

let workspace: string;
beforeEach(() => (workspace = mkdtempSync(path.join(tmpdir(), "file-tools-"))));
afterEach(() => rmSync(workspace, { recursive: true }));

const use = async (make: (files: ReturnType<typeof createWorkspaceFiles>) => AgentTool, input: unknown) =>
  await useTool(make(createWorkspaceFiles(workspace)), input);
const write = (file: string, text = ""): void => {
  mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
  writeFileSync(path.join(workspace, file), text);
};

describe("edit_file", () => {
  const edit = async (input: object) => await use(editFileTool, { path: "a.ts", ...input });
  const text = () => readFileSync(path.join(workspace, "a.ts"), "utf8");
  beforeEach(() => write("a.ts", "let a = 1;\nlet b = 1;\n"));

  it("replaces a text that stands there once, taking the new one as it is", async () => {
    await edit({ old: "a = 1", new: "$& = 2" });
    expect(text()).toBe("let $& = 2;\nlet b = 1;\n");
  });

  it("replaces all places only when told to", async () => {
    await expect(edit({ old: "= 1", new: "= 2" })).rejects.toThrow("stands in a.ts 2 times");
    expect(await edit({ old: "= 1", new: "= 2", replace_all: true })).toBe("Replaced 2 places in a.ts");
    expect(text()).toBe("let a = 2;\nlet b = 2;\n");
  });

  it.each([
    [{ old: "= 3", new: "" }, "does not stand in a.ts"],
    [{ old: "1", new: "1" }, "are the same"],
    [{ old: "1", new: "2", path: "../a.ts" }, "outside the workspace"],
    [{ old: "1", new: "2", path: "none.ts" }, "none.ts does not exist"],
  ])("leaves the file alone for %j", async (input, complaint) => {
    await expect(edit(input)).rejects.toThrow(complaint);
    expect(text()).toBe("let a = 1;\nlet b = 1;\n");
  });
});

describe("glob", () => {
  const glob = async (pattern: string, folder?: string) =>
    (await use(globTool, { pattern, ...(folder && { path: folder }) })).split("\n");
  beforeEach(() => {
    for (const [at, file] of ["old.ts", "src/b.ts", "src/deep/c.tsx", "src/.hidden.ts", ".github/x.yml"].entries()) {
      write(file);
      utimesSync(path.join(workspace, file), at, at);
    }
  });

  it("finds a name in all folders, last changed first", async () => {
    expect(await glob("*.ts")).toEqual(["src/b.ts", "old.ts"]);
  });

  it.each([
    ["src/*.ts", ["src/b.ts"]],
    ["src/.*.ts", ["src/.hidden.ts"]],
    [".github/**", [".github/x.yml"]],
    ["**/{b,c}.{ts,tsx}", ["src/deep/c.tsx", "src/b.ts"]],
    ["./src/b.ts", ["src/b.ts"]],
    ["*.md", ["No files found"]],
  ])("understands %s", async (pattern, found) => {
    expect(await glob(pattern)).toEqual(found);
  });

  it("looks in one folder and gives paths that can be read", async () => {
    expect(await glob("**/*.tsx", "src")).toEqual(["src/deep/c.tsx"]);
    await expect(glob("*", "..")).rejects.toThrow("outside the workspace");
  });
});

it("read_file says in one line which lines it reads", () => {
  const tool = readFileTool(createWorkspaceFiles(workspace));
  expect([
    tool.summary({ path: "a" }),
    tool.summary({ path: "a", offset: 5 }),
    tool.summary({ path: "a", offset: 5, limit: 10 }),
    tool.summary({ path: "a", limit: 10 }),
  ]).toEqual(["a", "a, from line 5", "a, lines 5 to 14", "a, lines 1 to 10"]);
});
