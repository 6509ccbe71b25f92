import path from "node:path";
import type { AgentToolName } from "../../contract/agent-settings.ts";
import type { AgentName } from "../../contract/agents.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { Worktree } from "../../contract/worktrees.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import type { AgentTool } from "./agent-tool.ts";
import type { BrokerClient } from "./broker-client.ts";
import { reachOf } from "./reach.ts";
import { ROOT_TOOLS } from "./root-tools.ts";
import { fetchUrlTool } from "./tools/fetch-url.ts";
import { editFileTool, listFilesTool, readFileTool, writeFileTool } from "./tools/file-tools.ts";
import { gitTool } from "./tools/git.ts";
import { globTool } from "./tools/glob.ts";
import { grepTool } from "./tools/grep.ts";
import { queryDatabaseTool } from "./tools/query-database.ts";
import { runCommandTool } from "./tools/run-command.ts";
import { runTestsTool } from "./tools/run-tests.ts";
import { searchMemoryTool } from "./tools/search-memory.ts";
import {
  askPeerTool,
  askPersonTool,
  broadcastTool,
  delegateTool,
  handOffTool,
  runAlgorithmTool,
  type TeamLink,
} from "./tools/team-tools.ts";
import { ANTHROPIC_WEB_SEARCH, noWebSearchTool, webSearchTool } from "./tools/web-search.ts";
import { createWorkspaceFiles } from "./workspace-files.ts";

export interface ToolParts {
  readonly agent: AgentName;
  /** Where the task works; null for the workspace itself. */
  readonly worktree: Worktree | null;
  readonly config: Pick<DaemonConfig, "workspace" | "workspaceDatabase" | "model">;
  readonly team: TeamLink;
  readonly broker: BrokerClient;
}

export interface AgentTools {
  /** Those that run here. */
  readonly own: readonly AgentTool[];
  /** Those that the model's provider runs. */
  readonly provided: readonly (typeof ANTHROPIC_WEB_SEARCH)[];
}

type Profile = Pick<AgentProfile, "level" | "tools" | "hasSearchProvider">;

/** The tools of a profile, and no others. */
export function toolsOf(profile: Profile, parts: ToolParts): AgentTools {
  const { tools, hasSearchProvider = false } = profile;
  const all = { ...workTools(profile, parts), ...talkTools(parts), ...rootTools(parts) };
  const isSearchProvided = parts.config.model === "anthropic" && !hasSearchProvider && tools.includes("web_search");
  const own = tools.filter((name) => name !== "web_search" || !isSearchProvided);
  return { own: own.map((name) => all[name]()), provided: isSearchProvided ? [ANTHROPIC_WEB_SEARCH] : [] };
}

type Tools<Name extends AgentToolName> = Readonly<Record<Name, () => AgentTool>>;
type TalkTool = "delegate" | "run_algorithm" | "ask_peer" | "hand_off" | "broadcast" | "ask_person";
type RootTool = keyof typeof ROOT_TOOLS;

function workTools({ level, hasSearchProvider }: Profile, { agent, config, worktree, team }: ToolParts) {
  const { workspace, workspaceDatabase: database } = config;
  const reach = reachOf(level);
  const own = worktree === null ? workspace : path.join(workspace, worktree.folder);
  const files = createWorkspaceFiles(workspace, reach, own);
  const writes = worktree === null ? [workspace] : [own, path.join(workspace, worktree.repository, ".git")];
  const sandbox = createBubblewrap(workspace, { reads: reach.shown, writes });
  const places = { files, sandbox, workspace };
  return {
    read_file: () => readFileTool(files),
    list_files: () => listFilesTool(files),
    glob: () => globTool(files),
    grep: () => grepTool({ ...places, shown: reach.shown }),
    search_memory: () => searchMemoryTool(team),
    write_file: () => writeFileTool(files),
    edit_file: () => editFileTool(files),
    run_command: () => runCommandTool(sandbox, own),
    run_tests: () => runTestsTool(places),
    git: () => gitTool({ ...places, author: agent }),
    query_database: () => queryDatabaseTool({ database, reach: reach.database }),
    fetch_url: () => fetchUrlTool(reach),
    web_search: () => (hasSearchProvider ? webSearchTool(team) : noWebSearchTool()),
  } satisfies Tools<Exclude<AgentToolName, TalkTool | RootTool>>;
}

function talkTools({ team }: ToolParts) {
  return {
    delegate: () => delegateTool(team),
    run_algorithm: () => runAlgorithmTool(team),
    ask_peer: () => askPeerTool(team),
    hand_off: () => handOffTool(team),
    broadcast: () => broadcastTool(team),
    ask_person: () => askPersonTool(team),
  } satisfies Tools<TalkTool>;
}

function rootTools({ broker }: ToolParts) {
  return {
    systemd: () => ROOT_TOOLS.systemd(broker),
    nginx: () => ROOT_TOOLS.nginx(broker),
    docker: () => ROOT_TOOLS.docker(broker),
    packages: () => ROOT_TOOLS.packages(broker),
    snapshots: () => ROOT_TOOLS.snapshots(broker),
    run_as_root: () => ROOT_TOOLS.run_as_root(broker),
  } satisfies Tools<RootTool>;
}
