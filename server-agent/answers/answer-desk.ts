import type { Approval } from "../../contract/approvals.ts";

/** What a person at an answer pane sees and may do. */
export type Typed =
  | { readonly kind: "answer"; readonly asked: Approval; readonly allow: boolean }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string };

export interface Desk {
  /** The question that is shown, and how many more there are. */
  readonly shown: Approval | null;
  readonly more: number;
  /** When the question came to stand there. */
  readonly shownAtMs: number;
}

export const EMPTY_DESK: Desk = { shown: null, more: 0, shownAtMs: 0 };

/** A key that was meant for something else must not answer what has just appeared. */
const READ_MS = 1_000;

/** The desk with the questions that are open now: the one that is shown stays until it is answered. Oldest first. */
export function lookAgain(desk: Desk, open: readonly Approval[], nowMs: number): Desk {
  const same = open.find(({ id, hash }) => id === desk.shown?.id && hash === desk.shown.hash);
  const shown = same ?? open[0] ?? null;
  const more = Math.max(0, open.length - 1);
  return { shown, more, shownAtMs: same ? desk.shownAtMs : nowMs };
}

/** What a line means that was typed while this desk was shown. */
export function readTyped(
  desk: Desk,
  line: string,
  { nowMs, isWhole }: { readonly nowMs: number; readonly isWhole: boolean },
): Typed {
  const word = line.trim().toLowerCase();
  const allow = word === "y" || word === "yes";
  if (!allow && word !== "n" && word !== "no") return { kind: "message", text: line.trim() };
  if (!desk.shown) return { kind: "refused", reason: "No question is open any more." };
  if (nowMs - desk.shownAtMs < READ_MS)
    return { kind: "refused", reason: "This question has just appeared: read it first." };
  if (allow && !isWhole) return { kind: "refused", reason: "It cannot be read whole here: allow it in the app." };
  return { kind: "answer", asked: desk.shown, allow };
}
