import type { PlannedStep } from "../contract/provision.ts";
import type { Facts } from "./facts.ts";
import type { ProbeName } from "./probes.ts";
import type { Command, Shell } from "./shell.ts";
import type { Wanted } from "./wanted.ts";

/** What a step may use while it is applied. */
export interface StepContext {
  readonly shell: Shell;
  readonly facts: Facts;
  readonly wanted: Wanted;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly progress: (done: number, total: number) => void;
}

/** How a step is taken back. */
export interface Undo {
  /** What goes and what stays, one line each. */
  readonly changes: readonly string[];
  /** Null when everything stays. Running it twice changes nothing. */
  readonly command: Command | null;
}

/** One thing that should be true of a server. It holds when `plan` finds nothing to change. */
export interface Step extends Pick<PlannedStep, "id" | "title" | "area" | "reason"> {
  /** Steps that must hold before this one is applied; others may be applied at the same time. */
  readonly needs: readonly string[];
  /** What `plan` looks at, read again after `apply`. */
  readonly probes: readonly ProbeName[];
  /** Exactly what would change, one line each; empty when the step holds. Pure. */
  plan(facts: Facts, wanted: Wanted): readonly string[];
  /** What is left alone on this server and why; null when there is nothing to say. Pure. */
  note?(facts: Facts, wanted: Wanted): string | null;
  /** True when the server does without it, as `note` says. Pure. */
  isLeftOut?(facts: Facts, wanted: Wanted): boolean;
  /** Makes it true. May be repeated after it broke anywhere. */
  apply(context: StepContext): Promise<void>;
  readonly undo: Undo;
}
