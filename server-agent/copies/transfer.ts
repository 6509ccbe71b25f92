import http from "node:http";
import { pipeline, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { AppError, WireError } from "../../contract/errors.ts";
import { Received, SNAPSHOT_PATH } from "../../contract/keeping.ts";

/** Brings copies to the daemon and back, over the agent's own socket. */
export interface Transfer {
  upload(id: string, body: Readable, signal: AbortSignal): Promise<Received>;
  download(id: string, signal: AbortSignal): Promise<Readable>;
}

export function createTransfer(socketPath: string): Transfer {
  return {
    async upload(id, body, signal) {
      const request = http.request({ socketPath, path: SNAPSHOT_PATH + id, method: "PUT", signal });
      const answered = answerOf(request);
      // The answer says what broke.
      pipeline(body, request, () => undefined);
      const answer = await answered;
      if (answer.statusCode !== 200) {
        body.destroy();
        throw await refusal(answer);
      }
      return Received.parse(JSON.parse(await text(answer)));
    },
    async download(id, signal) {
      const request = http.request({ socketPath, path: SNAPSHOT_PATH + id, signal });
      const answered = answerOf(request);
      request.end();
      const answer = await answered;
      if (answer.statusCode !== 200) throw await refusal(answer);
      return answer;
    },
  };
}

async function answerOf(request: http.ClientRequest): Promise<http.IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", (cause) => reject(brokenOff(cause)));
  });
}

export function brokenOff(cause: Error): AppError {
  return new AppError("daemon.unreachable", `The copy broke off: ${cause.message}`, { cause });
}

async function refusal(answer: http.IncomingMessage): Promise<AppError> {
  const error = WireError.safeParse(JSON.parse(await text(answer)));
  if (error.success) return AppError.fromWire(error.data);
  return new AppError("snapshot.not_taken", `The daemon answered ${answer.statusCode ?? "nothing"}`);
}
