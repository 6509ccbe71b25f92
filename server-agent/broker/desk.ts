import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { DeskAnswer, type DeskQuestion, type RootRecord, type TicketRequest } from "../../contract/broker-desk.ts";
import { AppError } from "../../contract/errors.ts";

export type TicketAnswer = Extract<DeskAnswer, { answer: "ok" | "refused" }>;

/** Takes the right to do one exact action, so that nobody can use it again. */
export interface Tickets {
  consume(ticket: Omit<TicketRequest, "ask">): Promise<TicketAnswer>;
}

/** The daemon's side of root work: it has decided, and it keeps the trail. */
export interface Desk extends Tickets {
  /** Throws when the daemon does not answer. */
  record(record: Omit<RootRecord, "ask">): Promise<void>;
}

const ANSWER_WITHIN_MS = 5_000;

/** Over a socket that only the daemon can make and only the daemon and root can use. */
export function createDesk(socketPath: string): Desk {
  return {
    async consume(ticket) {
      const answer = await ask(socketPath, { ask: "ticket", ...ticket }).catch((error: unknown) => {
        throw unheard(error);
      });
      if (answer.answer === "ok" || answer.answer === "refused") return answer;
      throw unheard(answer);
    },
    async record(record) {
      const { answer } = await ask(socketPath, { ask: "record", ...record });
      if (answer !== "recorded") throw new Error(`The daemon answered: ${answer}`);
    },
  };
}

async function ask(socketPath: string, question: DeskQuestion): Promise<DeskAnswer> {
  const socket = connect(socketPath);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const hangUp = (): void => void socket.destroy(new Error("The daemon did not answer in time"));
  signal.addEventListener("abort", hangUp);
  try {
    await once(socket, "connect", { signal });
    socket.end(JSON.stringify(question));
    return DeskAnswer.parse(JSON.parse(await text(socket)));
  } finally {
    signal.removeEventListener("abort", hangUp);
    socket.destroy();
  }
}

function unheard(cause: unknown): AppError {
  return new AppError("daemon.unreachable", "The daemon does not answer, so nobody can say what was allowed", {
    hint: "Try again when the daemon is back.",
    cause,
  });
}
