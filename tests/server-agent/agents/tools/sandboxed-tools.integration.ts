import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gitTool } from "../../../../server-agent/agents/tools/git.ts";
import { grepTool } from "../../../../server-agent/agents/tools/grep.ts";
import { runTestsTool } from "../../../../server-agent/agents/tools/run-tests.ts";
import { createWorkspaceFiles } from "../../../../server-agent/agents/workspace-files.ts";
import { createBubblewrap } from "../../../../server-agent/sandbox/bubblewrap.ts";
import type { Sandbox } from "../../../../server-agent/sandbox/sandbox.ts";
import { useTool } from "../../../support/use-tool.ts";

let folder: string;
let workspace: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sandboxed-tools-"));
  workspace = path.join(folder, "workspace");
  mkdirSync(workspace);
});
afterEach(() => rmSync(folder, { recursive: true }));

const parts = (reads: readonly string[] = []) => ({
  files: createWorkspaceFiles(workspace, { reads, writes: [] }),
  sandbox: createBubblewrap(workspace, { reads }),
  workspace,
});
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
  writeFileSync(path.join(workspace, file), text);
};

describe("git", () => {
  const git = async (input: object) => await useTool(gitTool({ ...parts(), author: "code" }), input);
  const realGit = (...words: string[]): string =>
    execFileSync("git", ["-c", "safe.directory=*", ...words], { cwd: workspace, encoding: "utf8" }).trim();

  it("goes from an empty folder to a commit on a branch", async () => {
    expect(await git({ action: "init" })).toContain("No commits yet on main");
    write("a.txt", "one\n");
    write("b.txt", "two\n");
    expect(await git({ action: "status" })).toContain("?? a.txt");
    expect(await git({ action: "commit", message: "Say one", paths: ["a.txt"] })).toMatch(
      /^\w+ .* code agent: Say one/m,
    );
    expect(await git({ action: "branch", name: "work/next" })).toContain("work/next");
    write("a.txt", "one and a half\n");
    expect(await git({ action: "diff" })).toContain("+one and a half");
    await git({ action: "commit", message: "--amend" });
    await git({ action: "switch", name: "main" });
    expect(readFileSync(path.join(workspace, "a.txt"), "utf8")).toBe("one\n");
    expect(await git({ action: "log", revision: "work/next", limit: 1 })).toContain("code agent: --amend");
    expect(await git({ action: "show", revision: "work/next" })).toContain("-one\n+one and a half");
    expect(realGit("log", "--all", "--topo-order", "--format=%ae %s")).toBe(
      "code@ai-infrastructure.invalid --amend\ncode@ai-infrastructure.invalid Say one",
    );
  });

  it("makes worktrees in the workspace, lists and removes them, and never outside", async () => {
    write("project/a.txt", "one");
    await git({ action: "init", repository: "project" });
    await git({ action: "commit", message: "Begin", repository: "project" });
    const place = { repository: "project", path: "trees/fix" };
    await git({ action: "worktree_add", name: "fix", ...place });
    expect(existsSync(path.join(workspace, "trees/fix/a.txt"))).toBe(true);
    expect(await git({ action: "worktree_list", ...place })).toContain("[fix]");
    write("trees/fix/new.txt", "unsaved");
    await expect(git({ action: "worktree_remove", ...place })).rejects.toThrow("contains modified or untracked files");
    rmSync(path.join(workspace, "trees/fix/new.txt"));
    await git({ action: "worktree_remove", ...place });
    expect(existsSync(path.join(workspace, "trees/fix"))).toBe(false);
    const outside = git({ action: "worktree_add", name: "x", repository: "project", path: "../x" });
    await expect(outside).rejects.toThrow("outside the workspace");
  });

  it("runs nothing that the repository names: no hook, filter of diffs, pager or editor", async () => {
    await git({ action: "init" });
    const ran = path.join(workspace, "ran");
    const script = path.join(workspace, "script.sh");
    writeFileSync(script, `#!/bin/sh\ntouch ${ran}\n`);
    chmodSync(script, 0o755);
    mkdirSync(path.join(workspace, "hooks"));
    for (const hook of ["pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction"]) {
      symlinkSync(script, path.join(workspace, ".git/hooks", hook));
      symlinkSync(script, path.join(workspace, "hooks", hook));
    }
    write(".gitattributes", "*.txt diff=mine\n");
    for (const [name, value] of Object.entries({
      "core.hooksPath": "hooks",
      "core.pager": script,
      "core.editor": script,
      "core.fsmonitor": script,
      "diff.external": script,
      "diff.mine.textconv": script,
      "diff.mine.command": script,
      "commit.gpgSign": "true",
      "gpg.program": script,
      "alias.status": `!${script}`,
    })) {
      realGit("config", name, value);
    }
    write("a.txt", "one\n");
    await git({ action: "commit", message: "One" });
    write("a.txt", "two\n");
    for (const action of ["status", "diff", "log", "show", "branch"]) await git({ action });
    await git({ action: "branch", name: "other" });
    expect(existsSync(ran)).toBe(false);
    expect(await git({ action: "diff" })).toContain("-one\n+two");
  });

  it("works in a repository that another user made", async () => {
    if (process.getuid?.() !== 0) return;
    await git({ action: "init" });
    write("a.txt", "one");
    await git({ action: "commit", message: "One" });
    const everything = readdirSync(workspace, { recursive: true, encoding: "utf8" });
    for (const place of ["", ...everything]) chownSync(path.join(workspace, place), 65_534, 65_534);
    expect(await git({ action: "log" })).toContain("One");
  });

  it.each([
    [{ action: "commit" }, "git commit needs message"],
    [{ action: "switch", name: "--orphan" }, "is not a name for a branch"],
    [{ action: "branch", name: "a..b" }, "is not a name for a branch"],
    [{ action: "log", revision: "--output=/tmp/x" }, "is not a revision"],
    [{ action: "log", repository: "../" }, "outside the workspace"],
    [{ action: "push" }, "Invalid option"],
    [{ action: "diff", path: "--no-index" }, /not a git repository/i],
  ])("refuses %j", async (input, complaint) => {
    await expect(git(input)).rejects.toThrow(complaint);
  });
});

/** A machine without ripgrep: `command -v rg` finds nothing. */
function withoutRipgrep(sandbox: Sandbox): Sandbox {
  return { run: async (command, options) => await sandbox.run(`command() { false; }; ${command}`, options) };
}

describe.each(["ripgrep", "grep"])("grep with %s", (program) => {
  const grep = async (input: object, reads: readonly string[] = []) => {
    const { sandbox, ...places } = parts(reads);
    return await useTool(
      grepTool({ ...places, shown: reads, sandbox: program === "grep" ? withoutRipgrep(sandbox) : sandbox }),
      input,
    );
  };
  beforeEach(() => {
    write("src/a.ts", "const one = 1;\nconst two = 2;\n");
    write("src/b.js", "one();\n");
    write("node_modules/x.ts", "one");
    write(".git/x.ts", "one");
    write(".hidden/c.ts", "// ONE\n");
    writeFileSync(path.join(workspace, "binary"), Buffer.from("one\0two"));
  });

  it("finds lines with their file and number, without what nobody looks through", async () => {
    expect((await grep({ pattern: "\\bone\\b" })).split("\n").sort()).toEqual([
      "src/a.ts:1:const one = 1;",
      "src/b.js:1:one();",
    ]);
  });

  it.each([
    [{ pattern: "one", glob: "*.ts", ignore_case: true }, [".hidden/c.ts:1:// ONE", "src/a.ts:1:const one = 1;"]],
    [{ pattern: "one()", literal: true }, ["src/b.js:1:one();"]],
    [
      { pattern: "one|two", path: "src/a.ts/.." },
      ["src/a.ts:1:const one = 1;", "src/a.ts:2:const two = 2;", "src/b.js:1:one();"],
    ],
    [{ pattern: "two", context: 1 }, ["src/a.ts-1-const one = 1;", "src/a.ts:2:const two = 2;"]],
    [{ pattern: "-e one" }, ["Nothing found"]],
    [{ pattern: "three" }, ["Nothing found"]],
  ])("understands %j", async (input, lines) => {
    expect((await grep(input)).split("\n").sort()).toEqual(lines);
  });

  it("looks into other folders it may read, and into no others", async () => {
    const site = path.join(folder, "www");
    mkdirSync(site);
    writeFileSync(path.join(site, "index.html"), "<b>one</b>");
    expect(await grep({ pattern: "one", path: site }, [site])).toBe(`${site}/index.html:1:<b>one</b>`);
    await expect(grep({ pattern: "one", path: site })).rejects.toThrow("outside the workspace");
    await expect(grep({ pattern: "one", path: "/etc" }, [site])).rejects.toThrow("outside the workspace");
  });

  it("never follows a link out of the workspace", async () => {
    writeFileSync(path.join(folder, "secret.txt"), "one secret");
    symlinkSync(folder, path.join(workspace, "up"));
    symlinkSync(path.join(folder, "secret.txt"), path.join(workspace, "link.txt"));
    expect(await grep({ pattern: "secret" })).toBe("Nothing found");
    await expect(grep({ pattern: "secret", path: "up" })).rejects.toThrow("outside the workspace");
  });

  it("stops after 300 lines and says so; long lines are cut", async () => {
    write("long.txt", `${"needle ".repeat(1000)}\n`.repeat(5_000));
    const lines = (await grep({ pattern: "needle" })).split("\n");
    expect(lines).toHaveLength(301);
    expect(lines.at(-1)).toMatch(/more lines/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(450);
  });

  it("says that a pattern is not understood", async () => {
    await expect(grep({ pattern: "(" })).rejects.toThrow("not understood");
  });
});

describe("run_tests", () => {
  const runTests = async (input: object = {}) => await useTool(runTestsTool(parts()), input);

  it("finds a Makefile's tests and gives their output", async () => {
    write("Makefile", "test:\n\t@echo all $${CI} checks passed\n");
    expect(await runTests()).toBe("all 1 checks passed\n");
  });

  it("finds the tests of a package, fails with their output, and passes arguments on", async () => {
    write("app/package.json", '{ "scripts": { "test": "sh check.sh" } }');
    write("app/check.sh", 'echo "checking $1"; [ "$1" = "; true" ]');
    await expect(runTests({ path: "app", arguments: ["x"] })).rejects.toThrow(/checking x[^]*exit code 1/);
    expect(await runTests({ path: "app", arguments: ["; true"] })).toContain("checking ; true");
  });

  it("says what it looked for when there are none", async () => {
    write("README.md", "");
    await expect(runTests()).rejects.toThrow("No tests were found in .");
    await expect(runTests({ path: "../" })).rejects.toThrow("outside the workspace");
  });
});
