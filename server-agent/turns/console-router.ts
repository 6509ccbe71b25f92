import { implement } from "@orpc/server";
import type { AgentName } from "../../contract/agents.ts";
import { MAIN_CONVERSATION } from "../../contract/chat.ts";
import { ConsoleApi } from "../../contract/console-api.ts";
import { AppError } from "../../contract/errors.ts";
import type { TurnPulse } from "../../contract/health.ts";
import { type Redact, redactValue } from "../platform/redact.ts";
import { snapshotRestored } from "../snapshots/restore.ts";
import { snapshotFailed, snapshotTaken, type TakeParts } from "../snapshots/take.ts";
import { ask, joinApproval } from "./ask.ts";
import { beginCall, type BeginParts } from "./begin-call.ts";
import { askPeer, delegate, type DelegateParts } from "./delegate.ts";
import { finishTurn, sayMessage } from "./finish.ts";
import { broadcast, handOff } from "./hand-off.ts";
import { appendEntry, readJournal, recordCall, type TurnRequest } from "./journal.ts";
import { type EmitterParts, liveEmitter } from "./live-emitter.ts";
import { orders, type OrdersParts } from "./orders.ts";
import { runAlgorithm, type RunParts } from "./run-algorithm.ts";

export interface WindowRequest {
  readonly id: string;
  readonly conversationId: string;
  readonly agent: AgentName;
  readonly text: string;
  readonly from: "window";
}

interface SearchCall {
  readonly agent: AgentName;
  readonly turnId: string;
  readonly callId: string;
  readonly query: string;
}

export interface ConsoleParts extends DelegateParts, RunParts, EmitterParts, BeginParts, TakeParts, OrdersParts {
  readonly redact: Redact;
  readonly health: {
    /** Throws when the agent is held. */
    admit(agent: AgentName): void;
    beat(agent: AgentName, turns: readonly TurnPulse[]): void;
  };
  /** Gives what was found, as text. */
  readonly searchWeb: (call: SearchCall, signal?: AbortSignal) => Promise<string>;
  /** The same, of the team's memory. */
  readonly searchMemory: (query: string, limit: number, signal?: AbortSignal) => Promise<string>;
  readonly submit: (request: WindowRequest) => Promise<{ readonly taskId: string }>;
}

const os = implement(ConsoleApi).$context<{ agent: AgentName }>();

/** Answers the console of one agent; the socket it came through says which. */
export function consoleRouter(parts: ConsoleParts) {
  const { store } = parts;
  const emit = liveEmitter(parts);
  /** What agents send is kept, shown and asked about without the secrets of this server that they may have come upon. */
  const clean = <Input>(input: Input): Input => redactValue(parts.redact, input);
  return os.router({
    orders: os.orders.handler(({ input, context: { agent }, signal }) => {
      parts.health.admit(agent);
      if (input.agent === agent) return orders(parts, agent, signal);
      throw new AppError("app.bad_input", `This socket is for ${agent}, not for ${input.agent}`);
    }),
    journal: {
      read: os.journal.read.handler(async (call) => await readJournal(store, turnOf(call))),
      append: os.journal.append.handler(
        async (call) => await appendEntry(store, turnOf(call), clean(call.input.entry)),
      ),
      begin: os.journal.begin.handler(async (call) => await beginCall(parts, turnOf(call), clean(call.input.call))),
      record: os.journal.record.handler(async (call) => await recordCall(store, turnOf(call), clean(call.input.call))),
    },
    beat: os.beat.handler(({ input, context: { agent } }) => parts.health.beat(agent, input.turns)),
    emit: os.emit.handler(async (call) => await emit(turnOf(call), clean(call.input.events))),
    snapshots: snapshotsHandlers(parts),
    say: os.say.handler(async (call) => {
      parts.board.closeMessage(await sayMessage(store, turnOf(call), clean(call.input)));
    }),
    finish: os.finish.handler(async (call) => {
      const outcome = clean(call.input.outcome);
      const ended = outcome.state === "left" ? null : await finishTurn(store, turnOf(call), outcome);
      if (ended?.state === "cancelled") await parts.cancelTask(ended.id);
      parts.consoles.held.release(call.input.turnId);
    }),
    submit: os.submit.handler(async ({ input: { id, text }, context: { agent } }) => {
      return await parts.submit({ id, text, agent, conversationId: MAIN_CONVERSATION, from: "window" });
    }),
    ...searchHandlers(parts),
    delegate: os.delegate.handler(async (call) => await delegate(parts, turnOf(call), clean(call.input))),
    askPeer: os.askPeer.handler(async (call) => {
      const { question, ...rest } = clean(call.input);
      return await askPeer(parts, turnOf(call), { ...rest, request: question });
    }),
    handOff: os.handOff.handler(async (call) => await handOff(store, turnOf(call), clean(call.input))),
    broadcast: os.broadcast.handler(async (call) => await broadcast(store, turnOf(call), clean(call.input))),
    runAlgorithm: os.runAlgorithm.handler(async (call) => await runAlgorithm(parts, turnOf(call), clean(call.input))),
    ask: os.ask.handler(async (call) => await ask(parts, turnOf(call), clean(call.input))),
    approval: os.approval.handler(async (call) => await joinApproval(parts, turnOf(call), call.input.approvalId)),
  });
}

/** What is found may hold a secret of this server, too. */
function searchHandlers({ redact, searchWeb, searchMemory }: ConsoleParts) {
  return {
    searchWeb: os.searchWeb.handler(async ({ input, context: { agent }, signal }) => {
      return redactValue(redact, { text: await searchWeb({ agent, ...input }, signal) });
    }),
    searchMemory: os.searchMemory.handler(async ({ input: { query, limit }, signal }) => {
      return redactValue(redact, { text: await searchMemory(query, limit, signal) });
    }),
  };
}

function snapshotsHandlers(parts: ConsoleParts) {
  const { snapshots } = os;
  return {
    taken: snapshots.taken.handler(async ({ input, context }) => await snapshotTaken(parts, context.agent, input)),
    failed: snapshots.failed.handler(async ({ input, context }) => {
      await snapshotFailed(parts, context.agent, redactValue(parts.redact, input));
    }),
    restored: snapshots.restored.handler(async ({ input, context }) => {
      await snapshotRestored(parts, context.agent, redactValue(parts.redact, input));
    }),
  };
}

interface TurnCall {
  readonly input: { readonly turnId: string };
  readonly context: { readonly agent: AgentName };
  readonly signal?: AbortSignal | undefined;
}

function turnOf({ input, context, signal }: TurnCall): TurnRequest {
  return { agent: context.agent, turnId: input.turnId, signal };
}
