import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { AppError } from "../../contract/errors.ts";

export interface Piping {
  readonly response: ServerResponse;
  readonly stallMs: number;
  readonly onChunk: (chunk: Uint8Array) => void;
}

/** Passes an answer on as it comes, no faster than it is read. Fails when nothing comes for too long, or it is cut. */
export async function pipeAnswer(answer: Response, { response, stallMs, onChunk }: Piping): Promise<void> {
  if (!answer.body) return;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await nextChunk(reader, stallMs);
    if (done) return;
    onChunk(value);
    if (!response.write(value)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function nextChunk(reader: Reader, stallMs: number): Promise<Awaited<ReturnType<Reader["read"]>>> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError("model.stalled", `The model sent nothing for ${Math.round(stallMs / 1000)} s`));
    }, stallMs);
  });
  try {
    return await Promise.race([reader.read(), stalled]);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("model.unreachable", "The model's answer was cut short", { cause });
  } finally {
    clearTimeout(timer);
  }
}
