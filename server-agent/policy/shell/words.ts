import { knownPart } from "../../platform/known-part.ts";

/** A word as a program will get it, as far as that can be known before anything runs. */
export interface Word {
  /** Null when it cannot be known. May hold `NAME` and `LISTED` in place of what is filled in later. */
  readonly text: string | null;
  /** As written, for people. */
  readonly source: string;
}

/** Stands for a number, a date or a name without slash: it can only be a file of the folder it is in. */
export const NAME = "\uE000";
/** Stands for a file somewhere below the folder, chosen by its name: never all that is in it. */
export const CHOSEN = `${NAME}_/${NAME}_`;
/** Stands for a path that a program listed, below the folder it is in. Odd file names may make it several words. */
export const LISTED = "\uE001";

export function known(text: string, source = text): Word {
  return { text, source };
}

export function unknown(source: string): Word {
  return { text: null, source };
}

/** For people: what is filled in later as `…`. */
export function shown(word: Word): string {
  return word.text === null ? word.source : word.text.replaceAll(NAME, "…").replaceAll(LISTED, "…");
}

/** What is lost, for people. A word that is known only when it runs is no path, though it may look like one. */
export function lossName(word: Word): string {
  const isTakenForPath = word.text === null && knownPart(word.source) !== null;
  return isTakenForPath ? `"${word.source}"` : shown(word);
}

/** So plain that another such value in its place would be judged alike. */
export function isPlain(text: string | null): boolean {
  return text !== null && /^[\w.,:+@%\uE000][\w.,:+@%=\uE000-]*$/.test(text) && text !== "." && text !== "..";
}
