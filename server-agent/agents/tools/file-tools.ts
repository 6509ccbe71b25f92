import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";

const filePath = z.string().min(1).max(1024).describe("Path relative to the workspace");

export function readFileTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "read_file",
    description: "Reads a text file: from its beginning, or some of its lines. At most 256 kB at a time.",
    inputSchema: z.object({
      path: filePath,
      offset: z.number().int().min(1).optional().describe("The first line wanted, counted from 1"),
      limit: z.number().int().min(1).optional().describe("How many lines"),
    }),
    summary: ({ path, offset, limit }) => (offset || limit ? `${path}, ${tellLines(offset ?? 1, limit)}` : path),
    run: async ({ path, ...range }) => await files.read(path, range),
  });
}

function tellLines(offset: number, limit: number | undefined): string {
  return limit === undefined ? `from line ${offset}` : `lines ${offset} to ${offset + limit - 1}`;
}

export function writeFileTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "write_file",
    description: "Writes a text file of the workspace, whole; makes its folders when needed.",
    inputSchema: z.object({ path: filePath, content: z.string() }),
    summary: ({ path }) => path,
    run: async ({ path, content }) => {
      await files.write(path, content);
      return `Wrote ${Buffer.byteLength(content)} bytes to ${path}`;
    },
  });
}

export function editFileTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "edit_file",
    description:
      "Replaces text in a file of the workspace. `old` must stand in the file exactly, white space included, and only " +
      "once unless `replace_all` is set.",
    inputSchema: z.object({
      path: filePath,
      old: z.string().min(1),
      new: z.string(),
      replace_all: z.boolean().default(false),
    }),
    summary: ({ path }) => path,
    run: async (edit) => {
      let count = 0;
      await files.edit(edit.path, (text) => {
        count = countIn(text, edit.old);
        refuseUnclear(edit, count);
        return text.split(edit.old).join(edit.new);
      });
      return `Replaced ${count === 1 ? "the text" : `${count} places`} in ${edit.path}`;
    },
  });
}

interface Edit {
  readonly path: string;
  readonly old: string;
  readonly new: string;
  readonly replace_all: boolean;
}

function refuseUnclear(edit: Edit, count: number): void {
  if (edit.old === edit.new) throw new AppError("app.bad_input", "The old and the new text are the same");
  if (count === 0) throw new AppError("app.bad_input", `The old text does not stand in ${edit.path}`);
  if (count > 1 && !edit.replace_all) {
    throw new AppError("app.bad_input", `The old text stands in ${edit.path} ${count} times: name more around it`);
  }
}

/** Not overlapping, as they will be replaced. */
function countIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

export function listFilesTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "list_files",
    description: "Lists a folder of the workspace.",
    inputSchema: z.object({ path: filePath.default(".") }),
    summary: ({ path }) => path,
    run: async ({ path }) => await files.list(path),
  });
}
