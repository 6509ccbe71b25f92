import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import type { FoundFile } from "../walk-folder.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";

/** Where the team's memory is, from the workspace. */
const MEMORY = "MEMORY";
/** The newest are enough to search; older ones are still there to read. */
const MAX_FILES = 2_000;
const MAX_CHARACTERS = 4_000;
const SHOWN_CHARACTERS = 600;

/** `workspace`: absolute, because a task may work in a folder of it. */
export function searchMemoryTool(files: WorkspaceFiles, workspace: string): AgentTool {
  return defineTool({
    name: "search_memory",
    description:
      "Searches what the team learned in earlier work, and the records of earlier runs, for words. Gives the best " +
      "matches with their files, to be read whole. What stands there may be out of date: check what matters.",
    inputSchema: z.object({
      query: z.string().trim().min(1).max(500),
      limit: z.number().int().min(1).max(20).default(5),
    }),
    summary: ({ query }) => query,
    run: async ({ query, limit }, { signal }) => {
      // Loaded with the first search: few consoles ever need it.
      const { default: MiniSearch } = await import("minisearch");
      const index = new MiniSearch<MemoryText>({
        idField: "path",
        fields: ["path", "text"],
        searchOptions: { prefix: true, fuzzy: 0.1, boost: { path: 2 } },
      });
      const texts = await readMemory(files, `${workspace}/${MEMORY}`, signal);
      index.addAll(texts);
      const byPath = new Map(texts.map(({ path, text }) => [path, text]));
      const found = index.search(query).slice(0, limit);
      if (found.length === 0) return "Nothing in the memory matches";
      return found.map(({ id }) => `${String(id)}\n${excerpt(byPath.get(String(id)) ?? "")}`).join("\n\n");
    },
  });
}

interface MemoryText {
  readonly path: string;
  readonly text: string;
}

/** The texts for people; what they were made from is left out. */
async function readMemory(files: WorkspaceFiles, folder: string, signal: AbortSignal): Promise<MemoryText[]> {
  const found: FoundFile[] = [];
  try {
    for await (const file of files.walk(folder, signal)) if (file.path.endsWith(".md")) found.push(file);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const newest = found.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, MAX_FILES);
  const texts: MemoryText[] = [];
  for (const { path } of newest) {
    signal.throwIfAborted();
    const text = await readStart(files, path);
    if (text !== "") texts.push({ path, text });
  }
  return texts;
}

async function readStart(files: WorkspaceFiles, file: string): Promise<string> {
  try {
    return (await files.read(file)).slice(0, MAX_CHARACTERS);
  } catch (error) {
    if (error instanceof AppError) return ""; // gone or closed meanwhile
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof AppError && error.code === "app.not_found";
}

function excerpt(text: string): string {
  const shown = text.trim().slice(0, SHOWN_CHARACTERS);
  return shown.length < text.trim().length ? `${shown}…` : shown;
}
