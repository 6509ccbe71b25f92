import { constants } from "node:fs";
import { lstat, mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { MAX_PROMPT_CHARACTERS } from "../../contract/agent-settings.ts";
import { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { writeWhole } from "../platform/write-whole.ts";

/** The folder in which a server's definitions of agents are overridden. */
export interface OverrideFiles {
  readonly folder: string;
  readonly settingsFile: string;
  promptFile(agent: AgentName): string;
  all(): readonly string[];
  /** Null when there is none. A file that others than root and the daemon may change is refused. */
  readSettings(): Promise<string | null>;
  readPrompt(agent: AgentName): Promise<string | null>;
  /** Null removes the file. */
  writeSettings(text: string): Promise<void>;
  writePrompt(agent: AgentName, text: string | null): Promise<void>;
}

export interface OverridePlace {
  readonly folder: string;
  /** On a server agents are other users than the daemon, so who may write is looked at closely. */
  readonly mode: "server" | "local";
  /** The daemon's user, for whoever is another one. */
  readonly daemonUid?: number;
}

const MAX_FILE_BYTES = 4 * MAX_PROMPT_CHARACTERS;

export function openOverrideFiles(place: OverridePlace): OverrideFiles {
  const { folder } = place;
  const settingsFile = path.join(folder, "agents.yaml");
  const promptFile = (agent: AgentName): string => path.join(folder, agent, "AGENT.md");
  return {
    folder,
    settingsFile,
    promptFile,
    all: () => [settingsFile, ...AgentName.options.map(promptFile)],
    readSettings: async () => await readTrusted(settingsFile, place),
    readPrompt: async (agent) => {
      const file = promptFile(agent);
      const text = await readTrusted(file, place);
      return text === null ? null : checkedPrompt(file, text);
    },
    writeSettings: async (text) => await write(settingsFile, text),
    writePrompt: async (agent, text) => await write(promptFile(agent), text),
  };
}

function checkedPrompt(file: string, text: string): string {
  if (text.trim() === "") throw broken(`${file} is empty`);
  if (text.includes("\0")) throw broken(`${file} is not a text`);
  if (text.length > MAX_PROMPT_CHARACTERS) throw broken(`${file} is longer than ${MAX_PROMPT_CHARACTERS} characters`);
  return text;
}

async function readTrusted(file: string, place: OverridePlace): Promise<string | null> {
  try {
    for (let folder = path.dirname(file); folder.startsWith(place.folder); folder = path.dirname(folder)) {
      refuseUntrusted(folder, await lstat(folder), place);
    }
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      refuseUntrusted(file, stat, place);
      if (!stat.isFile()) throw broken(`${file} is not a file`);
      if (stat.size > MAX_FILE_BYTES) throw broken(`${file} is larger than ${MAX_FILE_BYTES} bytes`);
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw broken(`${file} cannot be read: ${code ?? String(error)}`);
  }
}

function refuseUntrusted(place: string, stat: { uid: number; mode: number }, { mode, daemonUid }: OverridePlace): void {
  const owners = new Set([0, daemonUid ?? process.getuid?.() ?? 0]);
  const isOpen = (stat.mode & (mode === "server" ? 0o022 : 0o002)) !== 0;
  if (owners.has(stat.uid) && !isOpen) return;
  throw broken(`${place} may be changed by others than root and the daemon, so it is not used`);
}

async function write(file: string, text: string | null): Promise<void> {
  try {
    if (text === null) return await rm(file, { force: true });
    await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
    await writeWhole(file, text, 0o644);
  } catch (cause) {
    throw new AppError(
      "daemon.unhealthy",
      `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? ""}`,
      {
        hint: "Provision this server again; it gives the folder to the daemon.",
        cause,
      },
    );
  }
}

function broken(message: string): AppError {
  return new AppError("agents.definition_broken", message, {
    hint: "The last good version stays in force until the file is mended.",
  });
}
