import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { claudeCodeFolder, type DaemonConfig } from "../../../contract/daemon-config.ts";
import { AppError } from "../../../contract/errors.ts";

/** What we use of the Agent SDK. The package is the operator's to install; nothing of it is part of this project. */
export interface ClaudeCode {
  query(given: {
    readonly prompt: AsyncIterable<unknown>;
    readonly options: Readonly<Record<string, unknown>>;
  }): AsyncIterable<unknown>;
}

const PACKAGE = "@anthropic-ai/claude-agent-sdk";
/** The one version that was measured; what it writes and says is not promised to stay. */
export const CLAUDE_CODE_VERSION = "0.3.330";
const WRITABLE_BY_OTHERS = 0o022;

const Manifest = z.looseObject({ version: z.string(), main: z.string() });

/** Loads it from the operator's folder. An AppError says how to install it, or what is wrong with what is there. */
export async function loadClaudeCode(
  config: Pick<DaemonConfig, "claudeCodeDir" | "mode" | "stateDir">,
): Promise<ClaudeCode> {
  const folder = claudeCodeFolder(config);
  const home = path.join(folder, "node_modules", PACKAGE);
  const manifestFile = path.join(home, "package.json");
  if (!existsSync(manifestFile)) throw missing("Claude Code is not installed here", folder, config.mode);
  const { version, main } = Manifest.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  if (version !== CLAUDE_CODE_VERSION) {
    throw missing(
      `Version ${version} of Claude Code is installed, ${CLAUDE_CODE_VERSION} is needed`,
      folder,
      config.mode,
    );
  }
  const entry = path.join(home, main);
  for (const file of [entry, ...(await programs(path.dirname(home)))]) {
    for (let place = file; place.startsWith(folder); place = path.dirname(place)) await refuseChangeable(place, config);
  }
  return (await import(pathToFileURL(entry).href)) as ClaudeCode;
}

/** The package starts a program that comes in another one, named after the machine. */
async function programs(scope: string): Promise<string[]> {
  const packages = await readdir(scope);
  return packages.map((name) => path.join(scope, name, "claude")).filter((file) => existsSync(file));
}

/** Agents run what is in there, so on a server only root may have written it. */
async function refuseChangeable(place: string, { mode }: Pick<DaemonConfig, "mode">): Promise<void> {
  const { uid, mode: rights } = await stat(place);
  const isTrusted = uid === 0 || (mode === "local" && uid === process.getuid?.());
  if (isTrusted && (rights & WRITABLE_BY_OTHERS) === 0) return;
  const owner = mode === "server" ? "root" : "you";
  throw new AppError("agents.driver_missing", `Claude Code is not used: others than ${owner} may change ${place}`, {
    hint: mode === "server" ? `chown -R root:root ${place} && chmod -R go-w ${place}` : `chmod -R go-w ${place}`,
  });
}

function missing(what: string, folder: string, mode: DaemonConfig["mode"]): AppError {
  const install = `npm install --ignore-scripts --prefix ${folder} ${PACKAGE}@${CLAUDE_CODE_VERSION}`;
  return new AppError("agents.driver_missing", `${what}, and this agent's driver is claude-code`, {
    hint: `Install it${mode === "server" ? " as root" : ""} with: ${install}\nOr set the agent's driver to api.`,
  });
}
