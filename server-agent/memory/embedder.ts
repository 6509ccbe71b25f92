import { existsSync } from "node:fs";
import path from "node:path";
import { SMALL_PROCESS } from "../../contract/daemon-config.ts";
import { MEMORY_MODEL_FILES, MEMORY_MODEL_PROGRAM } from "../../contract/memory-model.ts";
import { type ProgramLink, startWithChannel } from "../platform/child-with-channel.ts";
import type { EmbedAnswer, EmbedRequest } from "./embed-message.ts";

/** Turns texts into vectors; its process is there only while it is wanted. */
export interface Embedder {
  /** Its files may come later. */
  isThere(): boolean;
  /** One vector for each text, in their order. Rejects when the program ends, or does not answer in time. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  close(): void;
}

interface Waiting {
  readonly resolve: (vectors: readonly Float32Array[]) => void;
  readonly reject: (error: Error) => void;
}

interface Limits {
  /** Its memory, 300 MB, is given back so long after the last text. */
  readonly idleMs: number;
  /** For a handful of texts, and the model's start before them, on a machine that is busy. */
  readonly deadlineMs: number;
}

export function createEmbedder(
  folder: string | undefined,
  { idleMs, deadlineMs }: Limits = { idleMs: 60_000, deadlineMs: 60_000 },
): Embedder {
  const waiting = new Map<number, Waiting>();
  let program: ProgramLink | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const stop = (why: string): void => {
    clearTimeout(idle);
    program?.stop();
    program = undefined;
    for (const { reject } of waiting.values()) reject(new Error(`The memory's model ended: ${why}`));
  };
  const ask = async (place: string, texts: readonly string[], signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Float32Array[]>();
    const id = ++lastId;
    const late = setTimeout(() => stop(`no answer within ${deadlineMs / 1000} s`), deadlineMs);
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    waiting.set(id, { resolve, reject });
    program ??= startWithChannel(path.join(place, MEMORY_MODEL_PROGRAM), SMALL_PROCESS, {
      onMessage: (answer) => take(waiting, answer as EmbedAnswer),
      onEnd: stop,
    });
    program.send({ id, texts } satisfies EmbedRequest);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", abort);
      waiting.delete(id);
    }
  };

  return {
    isThere: () => folder !== undefined && MEMORY_MODEL_FILES.every((file) => existsSync(path.join(folder, file))),
    async embed(texts, signal) {
      if (folder === undefined) throw new Error("This daemon has no model for its memory");
      signal.throwIfAborted();
      clearTimeout(idle);
      try {
        return await ask(folder, texts, signal);
      } finally {
        clearTimeout(idle);
        if (waiting.size === 0) idle = setTimeout(() => stop("nobody asks"), idleMs).unref();
      }
    },
    close: () => stop("the daemon stops"),
  };
}

function take(waiting: ReadonlyMap<number, Waiting>, answer: EmbedAnswer): void {
  const asked = waiting.get(answer.id);
  if ("error" in answer) asked?.reject(new Error(answer.error));
  else asked?.resolve(answer.vectors);
}
