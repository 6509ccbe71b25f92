import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { TEAM_TOOL_PREFIX } from "../../../contract/console-api.ts";
import type { ModelProfile } from "../model-request.ts";
import type { LoopbackGateway } from "./loopback-gateway.ts";

export interface SessionFolders {
  /** The agent's own: where the program keeps what it wants to. */
  readonly configFolder: string;
  /** Empty, and not the workspace: the program asks git about it, and git runs what a repository's settings say. */
  readonly cwd: string;
  readonly temporary: string;
}

export interface SessionParts {
  readonly folders: SessionFolders;
  readonly session: string;
  /** Whether there is a transcript to go on from. */
  readonly isResumed: boolean;
  readonly profile: ModelProfile;
  readonly gateway: Pick<LoopbackGateway, "url" | "token">;
  readonly server: Server;
  /** Why a call may not be made; null when it may. */
  readonly gate: (call: { readonly name: string; readonly id: string }) => string | null;
  readonly abort: AbortController;
  readonly onStderr: (text: string) => void;
}

const A_WEEK_MS = 7 * 86_400_000;

/** Everything that is not named here is off. */
export function sessionOptions(parts: SessionParts): Record<string, unknown> {
  const { folders, session, isResumed, profile, server, gate, abort, onStderr } = parts;
  return {
    cwd: folders.cwd,
    model: profile.model,
    systemPrompt: `${profile.prompt.trimEnd()}\n\n${ABOUT_FOLDERS}`,
    effort: profile.effort,
    thinking: thinkingOption(profile),
    ...(isResumed ? { resume: session } : { sessionId: session }),
    includePartialMessages: true,
    // No tool of its own, no file of settings, no other server, and nobody is asked: what the hook does not allow is denied.
    tools: [],
    allowedTools: [],
    settingSources: [],
    strictMcpConfig: true,
    permissionMode: "dontAsk",
    mcpServers: { team: { type: "sdk", name: "team", instance: server, alwaysLoad: true } },
    hooks: { PreToolUse: [{ hooks: [async (call: unknown) => verdictOf(gate, call)] }] },
    extraArgs: { "disable-slash-commands": null },
    env: environment(parts),
    abortController: abort,
    stderr: onStderr,
  };
}

const ABOUT_FOLDERS =
  "Your tools work in the team's workspace; paths are relative to it. A working directory named elsewhere is not it.";

/** A hook that throws lets the call run, so it never throws; whatever it does not understand is denied. */
export function verdictOf(gate: SessionParts["gate"], call: unknown): Record<string, unknown> {
  const answer = (permissionDecision: "allow" | "deny", permissionDecisionReason: string) => ({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, permissionDecisionReason },
  });
  try {
    const { tool_name: name, tool_use_id: id } = call as { tool_name?: unknown; tool_use_id?: unknown };
    if (typeof name !== "string" || typeof id !== "string" || id === "") return answer("deny", "This is no call");
    if (!name.startsWith(TEAM_TOOL_PREFIX)) return answer("deny", `${name} is not a tool of this team`);
    const refusal = gate({ name: name.slice(TEAM_TOOL_PREFIX.length), id });
    return refusal === null ? answer("allow", "The team decides when it runs") : answer("deny", refusal);
  } catch (error) {
    return answer("deny", `The call could not be judged: ${String(error)}`);
  }
}

function thinkingOption({ thinking }: ModelProfile): Record<string, unknown> {
  if (thinking === "off") return { type: "disabled" };
  if (thinking === "adaptive") return { type: "adaptive", display: "summarized" };
  return { type: "enabled", budgetTokens: thinking };
}

/** The whole of it: the program gets nothing of ours, and no key. */
function environment({ folders, profile, gateway }: SessionParts): Record<string, string> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    LANG: "C.UTF-8",
    HOME: folders.configFolder,
    TMPDIR: folders.temporary,
    CLAUDE_CODE_TMPDIR: folders.temporary,
    XDG_RUNTIME_DIR: folders.temporary,
    CLAUDE_CONFIG_DIR: folders.configFolder,
    ANTHROPIC_BASE_URL: gateway.url,
    ANTHROPIC_AUTH_TOKEN: gateway.token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_SUBPROCESS_ENV_SCRUB: "1",
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(profile.maxTokens),
    // Asking again, and making a conversation shorter, is done here, from the journal.
    CLAUDE_CODE_MAX_RETRIES: "0",
    CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: "1",
    DISABLE_AUTO_COMPACT: "1",
    // Results come whole: without tools of its own it could not read the files it would put them into.
    MAX_MCP_OUTPUT_TOKENS: "1000000",
    MCP_TOOL_TIMEOUT: String(A_WEEK_MS),
    ENABLE_TOOL_SEARCH: "false",
    CLAUDE_CODE_DISABLE_CLAUDE_MDS: "1",
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
    CLAUDE_CODE_DISABLE_FILE_MENTIONS: "1",
    DISABLE_AUTOUPDATER: "1",
  };
}
