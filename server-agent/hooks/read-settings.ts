import { open } from "node:fs/promises";
import path from "node:path";
import shipped from "../../pai/.claude/settings.json" with { type: "json" };
import type { WorkspaceFiles } from "../agents/workspace-files.ts";
import { parseSettings, type HookSettings, type Origin, type SettingsFile } from "./hook-settings.ts";

export interface SettingsPlaces {
  /** Of the operator; may be missing. */
  readonly operatorFile: string | undefined;
  readonly workspace: string;
  readonly files: Pick<WorkspaceFiles, "read">;
}

const WORKSPACE_FILE = ".claude/settings.json";
const OTHERS_MAY_WRITE = 0o022;

/**
 * Our own hooks, the operator's, and the workspace's when the operator's file says `"allowManagedHooksOnly": false`.
 * The operator may also switch off all hooks, ours too; nothing that agents can write may.
 */
export async function readHookSettings(places: SettingsPlaces): Promise<HookSettings> {
  const ours = parseSettings(JSON.stringify(shipped), "shipped");
  const operator = await read("operator", places);
  const switches = operator.file;
  if (switches?.disablesAllHooks) return { hooks: [], problems: [] };
  const workspace = switches?.allowsWorkspaceHooks ? await read("workspace", places) : { file: null, problems: [] };
  return {
    hooks: [...ours.hooks, ...(operator.file?.hooks ?? []), ...(workspace.file?.hooks ?? [])],
    problems: [...operator.problems, ...workspace.problems],
  };
}

interface ReadFile {
  readonly file: SettingsFile | null;
  readonly problems: readonly string[];
}

async function read(origin: Exclude<Origin, "shipped">, places: SettingsPlaces): Promise<ReadFile> {
  const name = origin === "operator" ? places.operatorFile : path.join(places.workspace, WORKSPACE_FILE);
  if (name === undefined) return { file: null, problems: [] };
  try {
    const text = origin === "operator" ? await readOperatorFile(name) : await places.files.read(WORKSPACE_FILE);
    return { file: parseSettings(text, origin), problems: [] };
  } catch (error) {
    if (isMissing(error)) return { file: null, problems: [] };
    return { file: null, problems: [`${name}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

async function readOperatorFile(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { mode } = await handle.stat();
    if ((mode & OTHERS_MAY_WRITE) !== 0) throw new Error("others than its owner may write it (chmod 644 mends that)");
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "app.not_found";
}
