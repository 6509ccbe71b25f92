import type { Destructive } from "../../contract/approvals.ts";
import type { LevelRules } from "../../contract/permissions.ts";

/** Why something is not plainly allowed. */
export interface Finding {
  readonly verdict: "ask" | "deny";
  readonly reason: string;
  readonly destructive?: Destructive | undefined;
  /**
   * Files that are written over, should they be there; with `/` at the end, whatever is in that folder. Absent: that cannot
   * be told. It matters only as root: for all others, what may be written over is a matter of their level.
   */
  readonly overwrites?: readonly string[] | undefined;
  /** No grant and no auto-approval answers this: a person sees it each time. */
  readonly personOnly?: boolean | undefined;
}

/** One thing a call does, judged by itself: one program of a command, one path, one statement. */
export interface Part {
  readonly program: string | null;
  readonly verb: string | null;
  readonly targets: readonly string[];
  /** None: plainly allowed. */
  readonly findings: readonly Finding[];
}

/** Under which rules and where a call is judged. */
export interface Ground {
  readonly rules: LevelRules;
  /** Absolute. */
  readonly workspace: string;
  /** What relative paths are relative to: the workspace or a folder of it. Absolute. */
  readonly folder: string;
  /** It runs in no sandbox: what is in /tmp belongs to others too. */
  readonly isOutside?: boolean;
}

export function ask(reason: string, destructive?: Destructive): Finding {
  return { verdict: "ask", reason, destructive };
}

export function deny(reason: string): Finding {
  return { verdict: "deny", reason };
}

/** A question that only a person answers, each time. */
export function askPerson(reason: string, destructive?: Destructive): Finding {
  return { verdict: "ask", reason, destructive, personOnly: true };
}

export function part(name: Partial<Omit<Part, "findings">>, findings: readonly Finding[]): Part {
  return { program: null, verb: null, targets: [], ...name, findings };
}
