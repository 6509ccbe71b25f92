import type { QdrantClient } from "@qdrant/js-client-rest";
import type { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import { explainFailure, readFailure } from "./qdrant-failure.ts";

const DEADLINE_MS = 10_000;

export interface QdrantPlace {
  readonly url: string;
  readonly key: string;
  /** For one request. */
  readonly deadlineMs?: number | undefined;
}

type Api = ReturnType<QdrantClient["api"]>;

/** One request, and how its answer reads. */
interface Question<T> {
  /** What Qdrant is asked to do, for a person who reads that it failed. */
  readonly what: string;
  readonly send: (api: Api, init: RequestInit) => Promise<{ readonly data: unknown }>;
  readonly answer: z.ZodType<{ readonly result: T }>;
  /** Refusals by Qdrant that are no failure here, by status, and what each means. */
  readonly instead?: Readonly<Partial<Record<number, T>>>;
}

/** Throws an `AppError` that names the request and holds neither the key nor a vector; or why it was aborted. */
export type AskQdrant = <T>(question: Question<T>, signal: AbortSignal) => Promise<T>;

/** The client is loaded with the first question: a daemon without Qdrant does not carry it. */
export function createAskQdrant({ url, key, deadlineMs = DEADLINE_MS }: QdrantPlace): AskQdrant {
  const { host } = new URL(url);
  let api: Promise<Api> | undefined;
  return async ({ what, send, answer, instead = {} }, signal) => {
    api ??= openApi(url, key);
    const opened = await api;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    let data: unknown;
    try {
      ({ data } = await send(opened, { signal: limit }));
    } catch (error) {
      signal.throwIfAborted();
      const failure = limit.aborted ? ({ kind: "late", deadlineMs } as const) : readFailure(error, key);
      const known = failure.kind === "refused" && failure.said !== undefined ? instead[failure.status] : undefined;
      if (known !== undefined) return known;
      throw explainFailure(failure, { host, what });
    }
    const read = answer.safeParse(data);
    if (!read.success) throw explainFailure({ kind: "unclear" }, { host, what });
    return read.data.result;
  };
}

async function openApi(url: string, key: string): Promise<Api> {
  const { QdrantClient } = await import("@qdrant/js-client-rest");
  try {
    return new QdrantClient({
      url,
      // As the address says, and not 6333 where it says nothing.
      port: null,
      // As `apiKey` the client would print a warning about plain HTTP, which does not leave this machine.
      headers: { "api-key": key },
      checkCompatibility: false,
      // A deadline of its own would take the place of our signal.
      timeout: Number.POSITIVE_INFINITY,
    }).api();
  } catch {
    // Why is left out: it may repeat the key.
    throw new AppError("app.bad_input", "The address or the key of Qdrant cannot be used in a request");
  }
}
