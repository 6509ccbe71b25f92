import path from "node:path";
import { ask, type Finding, type Ground } from "../parts.ts";
import { judgeCommandPath, type Access } from "../paths.ts";
import type { Input, State } from "./state.ts";
import { LISTED, shown, type Word } from "./words.ts";

/** One program that a command runs, with what it gets. */
export interface Call {
  readonly program: string;
  readonly args: readonly Word[];
  readonly state: State;
  readonly input: Input;
  readonly ground: Ground;
  /** Judges, as a part of its own, a program that this one runs. */
  readonly run: (argv: readonly Word[], place?: { readonly state: State; readonly input: Input }) => void;
  /** The same for shell text. */
  readonly script: (text: string) => void;
  /** Notes a file that it writes, or runs: what a command has just written it may not run unseen. */
  readonly makes: (file: Word) => void;
  readonly runs: (file: Word) => void;
}

/** What a judge says of a call. */
export interface Judged {
  readonly verb?: string | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly findings: readonly Finding[];
}

export type Judge = (call: Call) => Judged;

/** Judges a path in each folder that the command may be in. */
export function judgeWord(access: Access, word: Word, { state, ground }: Pick<Call, "state" | "ground">): Finding[] {
  const { text } = word;
  if (text === null) return [ask(`what ${access}s ${word.source} touches is known only when it runs`)];
  if (access !== "read" && text.includes(LISTED)) {
    return [
      ask(`${access}s files from a list, in which odd names can be taken for others; use find -print0 | xargs -0`),
    ];
  }
  const findings = new Map<string, Finding>();
  for (const folder of access === "delete" ? [...state.folders, ...state.doubtful] : state.folders) {
    for (const finding of judgeIn(folder, { access, word, text, ground })) findings.set(finding.reason, finding);
  }
  return [...findings.values()];
}

interface Wanted {
  readonly access: Access;
  readonly word: Word;
  readonly text: string;
  readonly ground: Ground;
}

function judgeIn(folder: string | null, { access, word, text, ground }: Wanted): readonly Finding[] {
  if (folder === null && !path.isAbsolute(text)) {
    return [ask(`${access}s ${shown(word)} in a folder that is known only when it runs`)];
  }
  return judgeCommandPath(access, path.resolve(folder ?? "/", text), ground).map((finding) => ({
    ...finding,
    reason: shown({ text: finding.reason, source: finding.reason }),
    destructive: finding.destructive && {
      ...finding.destructive,
      targets: finding.destructive.targets.map((target) => shown({ text: target, source: target })),
    },
  }));
}

/** Where a word leads from each folder the command may be in. */
export function placesOf(word: Word, state: State): string[] {
  const { text } = word;
  if (text === null) return [];
  return state.folders.filter((folder) => folder !== null).map((folder) => path.resolve(folder, text));
}
