import path from "node:path";
import type { Finding } from "../parts.ts";
import { judgeWord, placesOf, type Call } from "./call.ts";
import type { State } from "./state.ts";
import { known, LISTED, lossName, shown, type Word } from "./words.ts";

/** Judges a file that is written over, should it be there. */
export function judgeOverwrite(word: Word, call: Pick<Call, "state" | "ground">): Finding[] {
  return losing(judgeWord("write", word, call), overwritten([word], call.state));
}

/** Judges what is made, or only touched when it is there: nothing of it is lost. */
export function judgeMaking(word: Word, call: Pick<Call, "state" | "ground">): Finding[] {
  return losing(judgeWord("write", word, call), []);
}

/** Says which files are written over by what was found; null: that cannot be told. */
export function losing(findings: readonly Finding[], files: readonly string[] | null): Finding[] {
  return files === null ? [...findings] : findings.map((finding) => ({ ...finding, overwrites: files }));
}

/** The files that words name, in each folder that the command may be in; null when that cannot be told of one. */
export function overwritten(words: readonly Word[], state: State): string[] | null {
  const everywhere = { ...state, folders: [...state.folders, ...state.doubtful] };
  const places = words.map((word) => {
    if (word.text === null) return [lossName(word)];
    if (word.text.includes(LISTED) || (!path.isAbsolute(word.text) && state.folders.includes(null))) return null;
    return placesOf(word, everywhere).map((place) => shown(known(place)));
  });
  return places.includes(null) ? null : places.flatMap((some) => some ?? []);
}
