import type { TerminalSize, TerminalStream } from "../servers/link.ts";
import { ChannelRefused, type SshSession } from "./session.ts";
import { openTerminal } from "./terminal.ts";

/** `sshd` takes ten sessions on a connection unless told otherwise (`MaxSessions`); the first one also runs commands. */
const ON_FIRST_CONNECTION = 4;
const ON_FURTHER_CONNECTION = 8;

/** A connection that terminals are opened on. */
interface Place {
  readonly session: Promise<SshSession>;
  limit: number;
  taken: number;
}

export interface TerminalPlaces {
  open(window: string, size: TerminalSize): Promise<TerminalStream>;
}

/**
 * Opens terminals on the first connection while there is room, then on further ones that `connect` makes; each of those
 * ends with its last terminal, and all of them with the first connection.
 */
export function createTerminalPlaces(first: SshSession, connect: () => Promise<SshSession>): TerminalPlaces {
  const main: Place = { session: Promise.resolve(first), limit: ON_FIRST_CONNECTION, taken: 0 };
  const further = new Set<Place>();
  void first.closed.then(() => further.forEach(closePlace));

  const addPlace = (): Place => {
    const place: Place = { session: connect(), limit: ON_FURTHER_CONNECTION, taken: 0 };
    const forget = () => further.delete(place);
    further.add(place);
    place.session.then((session) => session.closed).then(forget, forget);
    return place;
  };
  const leave = (place: Place): void => {
    place.taken -= 1;
    if (place.taken > 0 || !further.delete(place)) return;
    closePlace(place);
  };
  const openAt = async (place: Place, view: { window: string; size: TerminalSize }): Promise<TerminalStream> => {
    place.taken += 1;
    try {
      return await openTerminal(await place.session, { ...view, onClosed: () => leave(place) });
    } catch (error) {
      leave(place);
      throw error;
    }
  };
  return {
    async open(window, size) {
      for (;;) {
        const place = [main, ...further].find(({ taken, limit }) => taken < limit) ?? addPlace();
        const isFresh = place !== main && place.taken === 0;
        try {
          return await openAt(place, { window, size });
        } catch (error) {
          if (!(error instanceof ChannelRefused) || isFresh) throw error;
          place.limit = place.taken;
        }
      }
    },
  };
}

function closePlace({ session }: Place): void {
  session.then(
    (opened) => opened.close(),
    () => undefined,
  );
}
