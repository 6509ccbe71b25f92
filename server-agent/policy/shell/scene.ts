import type * as ast from "unbash";
import type { Finding, Ground, Part } from "../parts.ts";
import type { Flow, Input, State } from "./state.ts";
import type { Word } from "./words.ts";

/** What is gathered while one command line is walked through. */
export interface Scene {
  readonly ground: Ground;
  /** Everything it would do, judged. */
  readonly parts: Part[];
  readonly functions: Map<string, ast.Function["body"][]>;
  /** Files that it writes, and files of the workspace that it runs. */
  readonly made: Set<string>;
  readonly ran: Set<string>;
  /** How often each variable is assigned in the whole text. */
  readonly assignments: ReadonlyMap<string, number>;
  /** Words of the whole text that change how the rest is read: `IFS`, `cd`, `break` and so on. */
  readonly mentions: (word: string) => boolean;
  readonly budget: { steps: number };
  readonly depth: number;
  readonly walker: Walker;
}

/** Ways back into the walk, for programs that run others. */
export interface Walker {
  readonly node: (node: ast.CommandNode | ast.CompoundList, state: State, scene: Scene) => Flow;
  readonly script: (script: ast.Script, state: State, scene: Scene) => Flow;
  readonly text: (text: string, state: State, scene: Scene) => Flow;
  readonly argv: (argv: readonly Word[], running: Running) => Flow;
}

/** One program about to run in the shell itself. */
export interface Running {
  readonly scene: Scene;
  readonly state: State;
  readonly input: Input;
  readonly assignments: readonly ast.Assignment[];
}

export const MOST_STEPS = 4000;
export const DEEPEST = 12;

/** Without a program, nobody can have approved it beforehand: only a person who sees it. */
export function report(scene: Scene, program: string | null, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const seen = program === null ? findings.map((finding) => ({ ...finding, personOnly: true })) : findings;
  scene.parts.push({ program, verb: null, targets: [], findings: seen });
}
