import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { searchMemoryTool } from "../../../../server-agent/agents/tools/search-memory.ts";
import { createWorkspaceFiles } from "../../../../server-agent/agents/workspace-files.ts";
import { useTool } from "../../../support/use-tool.ts";

let workspace: string;
beforeEach(() => (workspace = mkdtempSync(path.join(tmpdir(), "memory-"))));
afterEach(() => rmSync(workspace, { recursive: true }));

const search = async (query: string, limit = 5): Promise<string> =>
  await useTool(searchMemoryTool(createWorkspaceFiles(workspace), workspace), { query, limit });
const remember = (file: string, text: string): void => {
  const place = path.join(workspace, "MEMORY", file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
};

it("finds what was learned by its words, the best match first, and says where it can be read whole", async () => {
  remember("Learning/BUILD/2026-11-02_task_a-1.md", "The import stops at lines with a quote; escape them first.\n");
  remember("Learning/VERIFY/2026-11-03_task_b-1.md", "Restarting nginx needs a test of the configuration first.\n");
  remember("Signals/verification.jsonl", '{"text":"nginx nginx nginx"}\n');
  const found = await search("nginx configuration");
  const [file = ""] = found.split("\n");
  expect(file).toBe("MEMORY/Learning/VERIFY/2026-11-03_task_b-1.md");
  expect(readFileSync(path.join(workspace, file), "utf8")).toContain("Restarting nginx");
  expect(found).not.toContain("import stops");
});

it("forgives a slip of the pen, and gives no more than was wanted", async () => {
  for (const number of [1, 2, 3]) remember(`Learning/PLAN/${number}.md`, `Deployments are slow, lesson ${number}.\n`);
  expect((await search("deplyments", 2)).match(/lesson/g)).toHaveLength(2);
});

it("says when nothing matches, and when there is no memory yet", async () => {
  expect(await search("anything")).toBe("Nothing in the memory matches");
  remember("Learning/PLAN/1.md", "Deployments are slow.\n");
  expect(await search("giraffe")).toBe("Nothing in the memory matches");
});

it("does not follow a link out of the memory", async () => {
  remember("Learning/PLAN/1.md", "Deployments are slow.\n");
  const secret = path.join(tmpdir(), `secret-${path.basename(workspace)}.md`);
  writeFileSync(secret, "the password of deployments is hunter2\n");
  symlinkSync(secret, path.join(workspace, "MEMORY/Learning/PLAN/link.md"));
  try {
    expect(await search("deployments")).not.toContain("hunter2");
  } finally {
    rmSync(secret);
  }
});
