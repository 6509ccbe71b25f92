import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { TicketAnswer, type RootRecord, type TicketRequest } from "../../contract/broker-desk.ts";
import { AppError } from "../../contract/errors.ts";

/** Takes the permission for one exact action, so that nobody can use it again. */
export interface Tickets {
  consume(ticket: TicketRequest): Promise<TicketAnswer>;
}

/** The daemon's side of root work: it has decided, and it keeps the trail. */
export interface Desk extends Tickets {
  /** Throws when the daemon does not answer. */
  record(record: RootRecord): Promise<void>;
}

const ANSWER_WITHIN_MS = 5_000;

/** Over a socket that only the daemon can make and only the daemon and root can use. */
export function createDesk(socketPath: string): Desk {
  return {
    async consume(ticket) {
      const answer = await post(socketPath, "/ticket", ticket).catch((error: unknown) => {
        throw new AppError("daemon.unreachable", "The daemon does not answer, so nobody can say what was allowed", {
          hint: "Try again when the daemon is back.",
          cause: error,
        });
      });
      return TicketAnswer.parse(JSON.parse(answer));
    },
    async record(record) {
      await post(socketPath, "/record", record);
    },
  };
}

async function post(socketPath: string, path: string, body: unknown): Promise<string> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const call = request({ socketPath, path, method: "POST", headers, signal, agent: false });
  call.end(JSON.stringify(body));
  const [response] = (await once(call, "response", { signal })) as [IncomingMessage];
  const answer = await text(response);
  if (response.statusCode === 200) return answer;
  throw new Error(`${path} was answered with ${String(response.statusCode)}: ${answer}`);
}
