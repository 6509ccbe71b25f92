import { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import { createRedact } from "../platform/redact.ts";

/** Of what Qdrant says about a refusal: it may repeat what was sent. */
const MAX_SAID = 300;
/** 408 and 429 pass by themselves, as all from 500 do. */
const PASSING = new Set([408, 429]);
const KEY_HINT = "Provision the server again: the daemon and Qdrant then have the same key.";

export type QdrantFailure =
  | { readonly kind: "late"; readonly deadlineMs: number }
  | { readonly kind: "away" }
  | { readonly kind: "unclear" }
  /** `said` is missing where it is not in Qdrant's form, as with a wrong key or from a server that is another one. */
  | { readonly kind: "refused"; readonly status: number; readonly said: string | undefined };

interface Asked {
  readonly host: string;
  /** Completes "asked to". */
  readonly what: string;
}

const Refusal = z.object({ status: z.number(), data: z.unknown() });
const Said = z.object({ status: z.object({ error: z.string() }) });

/** Of what the client throws nothing else is kept: it may hold the request, and so the key. */
export function readFailure(error: unknown, key: string): QdrantFailure {
  const refusal = Refusal.safeParse(error);
  if (!refusal.success) return { kind: error instanceof TypeError ? "away" : "unclear" };
  const said = Said.safeParse(refusal.data.data).data?.status.error;
  const redact = createRedact([key]);
  return { kind: "refused", status: refusal.data.status, said: said && redact(said).slice(0, MAX_SAID) };
}

export function explainFailure(failure: QdrantFailure, { host, what }: Asked): AppError {
  const tell = (happened: string) => `Qdrant at ${host} ${happened}, asked to ${what}`;
  switch (failure.kind) {
    case "late":
      return new AppError("app.timed_out", tell(`did not answer within ${failure.deadlineMs / 1000} s`));
    case "away":
      return new AppError("store.unavailable", tell("cannot be reached"));
    case "unclear":
      return new AppError("store.unavailable", tell("gave an answer that is not Qdrant's"));
    case "refused":
      return explainRefusal(failure, tell);
  }
}

function explainRefusal(
  { status, said: details }: Extract<QdrantFailure, { kind: "refused" }>,
  tell: (happened: string) => string,
): AppError {
  if (status === 401 || status === 403) {
    return new AppError("store.unavailable", tell(`refuses the key (${status})`), { hint: KEY_HINT, details });
  }
  if (details === undefined || status >= 500 || PASSING.has(status)) {
    return new AppError("store.unavailable", tell(`answered ${status}`), { details });
  }
  if (status === 404) return new AppError("app.not_found", tell("does not have it"), { details });
  return new AppError("app.bad_input", tell(`refused (${status})`), { details });
}
