import type { Word } from "./words.ts";
import { isPlain, NAME } from "./words.ts";

/** Where a program's standard input comes from. */
export type Input =
  | { readonly from: "nowhere" }
  /** A pipe or something else whose content cannot be known. */
  | { readonly from: "somewhere" }
  | { readonly from: "text"; readonly text: string | null }
  | { readonly from: "file"; readonly file: Word }
  /** Paths below this folder, one each. */
  | { readonly from: "list"; readonly place: string; readonly separator: "line" | "null" };

/** What is known where the shell has come to. A value of null can be anything. */
export interface State {
  readonly variables: ReadonlyMap<string, string | null>;
  /** The folders it may be in, absolute. */
  readonly folders: readonly (string | null)[];
  /** Folders of the workspace where it still is, should a `cd` have failed unnoticed: deletions count there too. */
  readonly doubtful: readonly string[];
  readonly input: Input;
}

/** Where a command leads: after it succeeded, and after it failed. */
export interface Flow {
  readonly ok: State;
  readonly fail: State;
}

const MOST_FOLDERS = 6;

export function straight(state: State): Flow {
  return { ok: state, fail: state };
}

export function withVariable(state: State, name: string, value: string | null): State {
  return { ...state, variables: new Map(state.variables).set(name, value) };
}

export function withUnknown(state: State, names: Iterable<string>): State {
  const variables = new Map(state.variables);
  for (const name of names) variables.set(name, null);
  return { ...state, variables };
}

/** All that could be so when it came here either way. */
export function join(one: State, other: State): State {
  if (one === other) return one;
  const variables = new Map<string, string | null>();
  for (const name of new Set([...one.variables.keys(), ...other.variables.keys()])) {
    variables.set(name, joinValues(one.variables.get(name), other.variables.get(name)));
  }
  const folders = [...new Set([...one.folders, ...other.folders])];
  const doubtful = [...new Set([...one.doubtful, ...other.doubtful])];
  return { variables, folders: folders.length > MOST_FOLDERS ? [null] : folders, doubtful, input: one.input };
}

export function isSame(one: State, other: State): boolean {
  return (
    one.folders.length === other.folders.length &&
    one.folders.every((folder) => other.folders.includes(folder)) &&
    one.doubtful.length === other.doubtful.length &&
    one.variables.size === other.variables.size &&
    [...one.variables].every(([name, value]) => other.variables.has(name) && other.variables.get(name) === value)
  );
}

function joinValues(one: string | null | undefined, other: string | null | undefined): string | null {
  if (one === other) return one ?? null;
  return isPlain(one ?? null) && isPlain(other ?? null) ? NAME : null;
}
