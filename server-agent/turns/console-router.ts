import { implement } from "@orpc/server";
import type { AgentName } from "../../contract/agents.ts";
import { MAIN_CONVERSATION } from "../../contract/chat.ts";
import { ConsoleApi, type ConsoleEvent, type ConsoleOrder } from "../../contract/console-api.ts";
import { AppError } from "../../contract/errors.ts";
import type { LiveBus } from "../bus/live-bus.ts";
import type { TeamStates } from "../status/team-states.ts";
import { ask } from "./ask.ts";
import type { Board } from "./board.ts";
import { delegate, type DelegateParts } from "./delegate.ts";
import { finishTurn, sayMessage } from "./finish.ts";
import { appendEntry, readJournal, recordCall, type TurnRequest } from "./journal.ts";
import { ownTurn } from "./own-turn.ts";
import { deliverTurn, readOpenTurns } from "./run-turn.ts";

export interface WindowRequest {
  readonly id: string;
  readonly conversationId: string;
  readonly agent: AgentName;
  readonly text: string;
  readonly from: "window";
}

export interface ConsoleParts extends DelegateParts {
  readonly board: Board;
  readonly bus: Pick<LiveBus, "publish">;
  readonly team: Pick<TeamStates, "setActivity">;
  readonly submit: (request: WindowRequest) => Promise<{ readonly taskId: string }>;
}

/** Answers the console of one agent; the socket it came through says which. */
export function consoleRouter(parts: ConsoleParts) {
  const os = implement(ConsoleApi).$context<{ agent: AgentName }>();
  const { store } = parts;
  const request = (agent: AgentName, turnId: string, signal: AbortSignal | undefined): TurnRequest => ({
    agent,
    turnId,
    signal,
  });
  return os.router({
    orders: os.orders.handler(({ input, context, signal }) => {
      if (input.agent !== context.agent) {
        throw new AppError("app.bad_input", `This socket is for ${context.agent}, not for ${input.agent}`);
      }
      return orders(parts, context.agent, signal);
    }),
    journal: {
      read: os.journal.read.handler(
        async ({ input, context, signal }) => await readJournal(store, request(context.agent, input.turnId, signal)),
      ),
      append: os.journal.append.handler(async ({ input, context, signal }) => {
        await appendEntry(store, request(context.agent, input.turnId, signal), input.entry);
      }),
      record: os.journal.record.handler(async ({ input, context, signal }) => {
        await recordCall(store, request(context.agent, input.turnId, signal), input.call);
      }),
    },
    emit: os.emit.handler(async ({ input, context, signal }) => {
      await emit(parts, request(context.agent, input.turnId, signal), input.events);
    }),
    say: os.say.handler(async ({ input, context, signal }) => {
      parts.board.closeMessage(await sayMessage(store, request(context.agent, input.turnId, signal), input));
    }),
    finish: os.finish.handler(async ({ input, context, signal }) => {
      await finishTurn(store, request(context.agent, input.turnId, signal), input.outcome);
      parts.consoles.release(input.turnId);
    }),
    submit: os.submit.handler(async ({ input, context }) => {
      const place = { conversationId: MAIN_CONVERSATION, agent: context.agent, from: "window" } as const;
      return await parts.submit({ id: input.id, text: input.text, ...place });
    }),
    delegate: os.delegate.handler(
      async ({ input, context, signal }) => await delegate(parts, request(context.agent, input.turnId, signal), input),
    ),
    ask: os.ask.handler(
      async ({ input, context, signal }) => await ask(parts, request(context.agent, input.turnId, signal), input),
    ),
  });
}

async function* orders(parts: ConsoleParts, agent: AgentName, signal?: AbortSignal): AsyncGenerator<ConsoleOrder> {
  const queue = parts.consoles.connect(agent, signal);
  for (const turn of await readOpenTurns(parts.store, agent, signal)) await deliverTurn(parts, turn, signal);
  yield* queue;
}

const places = new Map<string, Awaited<ReturnType<typeof ownTurn>>>();

async function emit(parts: ConsoleParts, from: TurnRequest, events: readonly ConsoleEvent[]): Promise<void> {
  const place = await turnPlace(parts, from);
  for (const event of events) {
    if (event.type === "activity") {
      parts.team.setActivity(from.agent, event.text);
      continue;
    }
    const delta = parts.board.write(place, event);
    if (delta) parts.bus.publish(delta);
  }
}

async function turnPlace(parts: ConsoleParts, from: TurnRequest) {
  const known = places.get(from.turnId);
  if (known && known.agent === from.agent) return known;
  const place = await parts.store.read(async (db) => await ownTurn(db, from.agent, from.turnId), from.signal);
  if (places.size > 100) places.clear();
  places.set(from.turnId, place);
  return place;
}
