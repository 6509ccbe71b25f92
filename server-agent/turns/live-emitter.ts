import type { ConsoleEvent } from "../../contract/console-api.ts";
import type { LiveBus } from "../bus/live-bus.ts";
import type { TeamStates } from "../status/team-states.ts";
import type { Store } from "../store/open-store.ts";
import type { Board, TurnPlace } from "./board.ts";
import type { TurnRequest } from "./journal.ts";
import { ownTurn } from "./own-turn.ts";

export interface EmitterParts {
  readonly store: Store;
  readonly board: Board;
  readonly bus: Pick<LiveBus, "publish">;
  readonly team: Pick<TeamStates, "setActivity">;
}

type Emit = (from: TurnRequest, events: readonly ConsoleEvent[]) => Promise<void>;

const REMEMBERED_TURNS = 100;

/** Puts a console's live events on the board and on the bus. Asks once per turn where it belongs, because text comes many times a second. */
export function liveEmitter({ store, team, board, bus }: EmitterParts): Emit {
  const places = new Map<string, TurnPlace>();
  const placeOf = async ({ agent, turnId, signal }: TurnRequest): Promise<TurnPlace> => {
    const known = places.get(turnId);
    if (known?.agent === agent) return known;
    const place = await store.read(async (db) => await ownTurn(db, agent, turnId), signal);
    if (places.size >= REMEMBERED_TURNS) places.clear();
    places.set(turnId, place);
    return place;
  };
  return async (from, events) => {
    const place = await placeOf(from);
    for (const event of events) {
      if (event.type === "activity") {
        team.setActivity(from.agent, event.text);
        continue;
      }
      const delta = board.write(place, event);
      if (delta) bus.publish(delta);
    }
  };
}
