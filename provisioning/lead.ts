import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../contract/errors.ts";
import type { RunResult } from "../contract/provision.ts";
import { holdLead, parseLeader, releaseLead, TAKEN } from "./commands/lead.ts";
import type { Leader, LeadPlace } from "./commands/lead.ts";
import { LEAD_DIR } from "./layout.ts";
import type { Shell } from "./shell.ts";
import type { NewRunEvent } from "./step-reports.ts";
import { survivingCuts } from "./survive-cuts.ts";
import type { Reachable } from "./survive-cuts.ts";

/** A cut of this length loses nothing; a client that is gone for longer makes room for others. */
export const LEAD_PLACE: LeadPlace = { folder: LEAD_DIR, leaseSeconds: 20 };

const BEAT_MS = 1000;
const HOLD_WITHIN_MS = 10_000;
const RELEASE_WITHIN_MS = 10_000;

interface LeadParts extends Reachable {
  readonly leader: Leader;
  readonly place: LeadPlace;
}

/** The right to change a server: one client at a time has it, and tells the others how it goes. */
export function createLead({ leader, place, ...parts }: LeadParts) {
  const lost = new AbortController();
  const ended = new AbortController();
  const untold = createUntold();
  let beating: Promise<void> = Promise.resolve();

  /** Null when the lead is ours. */
  async function hold(shell: Shell, events = ""): Promise<Leader | null> {
    const { exitCode, stdout } = await shell.run(holdLead(place, leader, events), { timeoutMs: HOLD_WITHIN_MS });
    return exitCode === TAKEN ? parseLeader(stdout) : null;
  }

  async function mustHold(shell: Shell, events?: string): Promise<Shell> {
    if ((await hold(shell, events)) !== null) lost.abort();
    if (lost.signal.aborted) throw new AppError("app.cancelled", `Another client than ${leader.who} took over`);
    return shell;
  }

  async function beat(): Promise<void> {
    const over = AbortSignal.any([parts.signal, ended.signal, lost.signal]);
    while (!over.aborted) {
      const tell = async (shell: Shell) => untold.pass((events) => mustHold(shell, events));
      // What breaks here breaks the steps too, which say so.
      await parts
        .connect(over)
        .then(tell)
        .catch(() => undefined);
      await wait(BEAT_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  return {
    /** Who leads instead, or null when the lead is taken. */
    take: () => survivingCuts(parts, (shell) => hold(shell)),
    isLost: () => lost.signal.aborted,
    /** What work that changes the server is to use: no step begins after another client took over. */
    reach: {
      signal: AbortSignal.any([parts.signal, lost.signal]),
      connect: async (signal: AbortSignal) => mustHold(await parts.connect(signal)),
    },
    tell: (event: NewRunEvent) => untold.add(event),
    /** From then on others know that this client lives. */
    keepBeating: () => void (beating = beat()),
    /** Also when the run was cancelled. A server that cannot be reached notices by itself. */
    async release(result: RunResult): Promise<void> {
      ended.abort();
      await beating; // a beat that came later would take the lead anew
      untold.add({ type: "ended", result });
      const signal = AbortSignal.timeout(RELEASE_WITHIN_MS);
      const tellLast = (shell: Shell) =>
        untold.pass((events) => shell.run(releaseLead(place, leader, events), { signal }));
      await survivingCuts({ ...parts, signal }, tellLast).catch(() => undefined);
    },
  };
}

/** Events that others have not been told of, numbered because one may be told twice when its connection broke. */
function createUntold() {
  let lines: string[] = [];
  let count = 0;
  return {
    add(event: NewRunEvent): void {
      count += 1;
      lines.push(`${JSON.stringify({ ...event, seq: count })}\n`);
    },
    /** What could not be passed on is kept for the next time. */
    async pass(work: (lines: string) => Promise<unknown>): Promise<void> {
      const passed = lines;
      lines = [];
      await work(passed.join("")).catch((failure: unknown) => {
        lines = [...passed, ...lines];
        throw failure;
      });
    },
  };
}
