import { Phase } from "../../contract/algorithm.ts";

/** Where a run is. */
export interface Place {
  /** 1 for the first phase, without gaps. */
  readonly number: number;
  readonly phase: Phase;
  readonly iteration: number;
  /** How often VERIFY failed. */
  readonly failures: number;
}

/** How a phase ended, as far as the way through the phases depends on it. */
export type PhaseEnd =
  | { readonly state: "done" }
  /** VERIFY only. */
  | { readonly state: "not_passed"; readonly returnTo: Phase }
  | { readonly state: "failed" | "cancelled" };

export type Move =
  | { readonly to: "phase"; readonly place: Place }
  /** A person decides; `place` is where another round would begin. */
  | { readonly to: "person"; readonly place: Place }
  | { readonly to: "end"; readonly state: "done" | "failed" | "cancelled" };

export const FIRST_PLACE: Place = { number: 1, phase: "OBSERVE", iteration: 1, failures: 0 };
/** From then on a person is asked before each round. */
export const MAX_FAILURES = 3;

export function nextMove(place: Place, end: PhaseEnd): Move {
  if (end.state === "not_passed") return sendBack(place, end.returnTo);
  // What was verified stays so when nothing could be learned from it.
  if (place.phase === "LEARN") return { to: "end", state: end.state === "cancelled" ? "cancelled" : "done" };
  if (end.state !== "done") return { to: "end", state: end.state };
  return { to: "phase", place: after(place) };
}

/** The next phase in order, also after a VERIFY whose failures a person accepts. */
export function after(place: Place): Place {
  const phase = Phase.options[Phase.options.indexOf(place.phase) + 1] ?? "LEARN";
  return { ...place, number: place.number + 1, phase };
}

function sendBack(place: Place, to: Phase): Move {
  const failures = place.failures + 1;
  const again = { number: place.number + 1, phase: to, iteration: place.iteration + 1, failures };
  return { to: failures >= MAX_FAILURES ? "person" : "phase", place: again };
}

/** VERIFY can only send back: to a phase before itself, by default to the work. */
export function clampReturn(wanted: Phase | null): Phase {
  if (wanted === null) return "EXECUTE";
  return Phase.options.indexOf(wanted) < Phase.options.indexOf("VERIFY") ? wanted : "EXECUTE";
}
