import { setTimeout as pause } from "node:timers/promises";
import type { AgentName } from "../../contract/agents.ts";
import type { Turn } from "../../contract/console-api.ts";
import type { KeepOrder } from "../../contract/keeping.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { toWireError } from "../../contract/errors.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import { submitOutputTool } from "../agents/submit-output-tool.ts";
import { createBrokerClient } from "../agents/broker-client.ts";
import type { McpTools } from "../agents/mcp-tools.ts";
import { type AgentTools, toolsOf } from "../agents/tools-of.ts";
import type { TeamLink } from "../agents/tools/team-tools.ts";
import { toolsForTurn } from "../agents/turn-tools.ts";
import { collectOutput, hasRunCommand, submittedOutput } from "./collect-output.ts";
import type { Sessions } from "../hooks/sessions.ts";
import { betweenHooks, type HookedParts } from "./between-hooks.ts";
import { converse } from "./converse.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { DaemonLink } from "./daemon-link.ts";
import { keepSnapshot } from "./keep-snapshots.ts";
import type { DriverParts } from "./drivers/driver.ts";
import { openDriver } from "./drivers/open-driver.ts";
import { modelError } from "./model-error.ts";
import type { TurnOutcome } from "./outcomes.ts";
import { openJournal, type TurnJournal } from "./turn-journal.ts";
import type { TurnView } from "./turn-view.ts";
import type { TurnControl } from "./turn-runner.ts";
import { TurnLeft } from "./turn-left.ts";
import { createUnixFetch } from "./unix-fetch.ts";

export interface TurnParts {
  readonly agent: AgentName;
  readonly config: Pick<
    DaemonConfig,
    "mode" | "workspace" | "stateDir" | "operatorHooks" | "workspaceDatabase" | "model" | "claudeCodeDir"
  >;
  readonly sessions: Sessions;
  readonly simulated: boolean;
  readonly link: DaemonLink;
  readonly view: TurnView;
  readonly secrets: KnownSecrets;
  /** Null where there is no broker. */
  readonly brokerPath: string | null;
  /** Where the model gateway answers. */
  readonly socketPath: string;
  readonly control: TurnControl;
  /** Of the console; what happened is still recorded after an interrupt. */
  readonly lifetime: AbortSignal;
}

const MODEL_ATTEMPTS = 6;
const MODEL_STALL_MS = 120_000;

/** Works on a turn until it has an outcome, going on from its journal. Never throws. */
export async function runTurn(turn: Turn, parts: TurnParts): Promise<TurnOutcome> {
  if (turn.worktree === null) return await workOn(turn, parts);
  const { openWorktree, keepWorktree } = await import("./worktree.ts");
  const place = { agent: parts.agent, workspace: parts.config.workspace };
  const { worktree } = turn;
  const ready = async (): Promise<void> => await openWorktree(worktree, place, parts.control.signal);
  return await keepWorktree(turn, await workOn(turn, parts, ready), place);
}

async function workOn(turn: Turn, parts: TurnParts, ready?: () => Promise<void>): Promise<TurnOutcome> {
  try {
    await ready?.();
    const { link, lifetime: signal, view, control } = parts;
    const stopped = AbortSignal.any([signal, control.signal]);
    const keep = async (order: KeepOrder): Promise<void> =>
      await keepSnapshot(order, { ...parts, note: (text) => view.note(text) }, stopped);
    const journal = await openJournal(turn, { link, signal, keep });
    const mcp = await startMcpServers(turn, parts);
    try {
      return await betweenHooks(turn, { ...parts, journal }, async (hooked) => {
        return await converseUntilDone(turn, journal, { ...parts, ...hooked, mcpTools: mcp.tools });
      });
    } finally {
      void mcp.close();
      // However the turn ends, what it did is stored before that is told.
      await journal.settled().catch(() => undefined);
    }
  } catch (error) {
    if (parts.control.signal.aborted) return { state: "interrupted" };
    if (error instanceof TurnLeft || parts.control.leave.aborted) return { state: "left" };
    return { state: "failed", error: toWireError(error) };
  }
}

async function startMcpServers({ profile }: Turn, { config, control, view }: TurnParts): Promise<McpTools> {
  if (Object.keys(profile.mcpServers).length === 0) return { tools: [], close: async () => undefined };
  // Loaded with the first server: few agents have one.
  const { openMcpTools } = await import("../agents/mcp-tools.ts");
  const place = { workspace: config.workspace, signal: AbortSignal.any([control.signal, control.leave]) };
  return await openMcpTools(profile.mcpServers, { ...place, note: (text) => view.note(text) });
}

type ConversationParts = TurnParts & HookedParts & { readonly mcpTools: readonly AgentTool[] };

/** A stream that is cut or stalls is asked for again from the journal; nothing that finished is repeated. */
async function converseUntilDone(turn: Turn, journal: TurnJournal, parts: ConversationParts): Promise<TurnOutcome> {
  const { link, control } = parts;
  const signal = AbortSignal.any([control.signal, control.leave]);
  const fetch = createUnixFetch(parts.socketPath, MODEL_STALL_MS);
  const { own: tools, provided } = turnTools(turn, journal, parts);
  const isOver = (): boolean => turn.output !== null && submittedOutput(journal) !== undefined;
  const say: DriverParts["say"] = async (utterance) => {
    const message = { turnId: turn.id, ...utterance, simulated: parts.simulated };
    await link.call((daemon, signal) => daemon.say(message, { signal }), { signal, timeoutMs: 15_000 });
  };
  const driven = { ...parts, turnId: turn.id, fetch, journal, tools, provided, profile: turn.profile, isOver, say };
  const driver = await openDriver(turn.profile.driver, driven, parts);
  const talk = async (): Promise<string> => await converse(driven, driver);
  let failures = 0;
  let progress = journal.added().length;
  for (;;) {
    try {
      const given = turn.output ? await collectOutput(journal, turn.output, talk) : { text: await talk() };
      await journal.settled();
      return { state: "done", simulated: parts.simulated, ...given };
    } catch (error) {
      signal.throwIfAborted();
      const reason = modelError(error);
      if (reason === null) throw error;
      if (reason.rest) return { state: "resting", rest: reason.rest };
      if (journal.added().length > progress) failures = 0;
      progress = journal.added().length;
      if (!reason.isTransient || (link.current() && (failures += 1) >= MODEL_ATTEMPTS)) throw reason.error;
      control.pulse.moved();
      parts.view.note(`${reason.error.message}; trying again`);
      await pause(Math.min(200 * 2 ** failures, 5_000), undefined, { signal });
    }
  }
}

function turnTools(turn: Turn, journal: TurnJournal, parts: ConversationParts): AgentTools {
  const { agent, config, link } = parts;
  const broker = createBrokerClient(agent, parts.brokerPath);
  const { own, provided } = toolsOf(turn.profile, {
    agent,
    config,
    worktree: turn.worktree,
    team: teamLink(turn.id, link),
    broker,
  });
  const tools = [...toolsForTurn(own, turn), ...parts.mcpTools];
  if (!turn.output) return { own: tools, provided };
  const submit = submitOutputTool(turn.output, (command) => hasRunCommand(journal, command));
  return { own: [...tools, submit], provided };
}

function teamLink(turnId: string, link: DaemonLink): TeamLink {
  return {
    delegate: async (call, signal) =>
      await link.call((daemon, signal) => daemon.delegate({ turnId, ...call }, { signal }), { signal }),
    runAlgorithm: async (call, signal) =>
      await link.call((daemon, signal) => daemon.runAlgorithm({ turnId, ...call }, { signal }), { signal }),
    ask: async (call, signal) =>
      await link.call((daemon, signal) => daemon.ask({ turnId, ...call }, { signal }), { signal }),
    askPeer: async (call, signal) =>
      await link.call((daemon, signal) => daemon.askPeer({ turnId, ...call }, { signal }), { signal }),
    searchWeb: async (call, signal) =>
      await link.call((daemon, signal) => daemon.searchWeb({ turnId, ...call }, { signal }), { signal }),
    searchMemory: async (call, signal) =>
      await link.call((daemon, signal) => daemon.searchMemory({ turnId, ...call }, { signal }), { signal }),
    handOff: async (call, signal) =>
      await link.call((daemon, signal) => daemon.handOff({ turnId, ...call }, { signal }), { signal }),
    broadcast: async (call, signal) =>
      await link.call((daemon, signal) => daemon.broadcast({ turnId, ...call }, { signal }), { signal }),
  };
}
