import { setTimeout as wait } from "node:timers/promises";
import { RunEvent } from "../contract/provision.ts";
import type { RunResult } from "../contract/provision.ts";
import { watchLead } from "./commands/lead.ts";
import type { Leader, LeadPlace } from "./commands/lead.ts";
import type { NewRunEvent } from "./step-reports.ts";
import { survivingCuts } from "./survive-cuts.ts";
import type { Reachable } from "./survive-cuts.ts";

const LOOK_MS = 1000;

interface WatchParts extends Reachable {
  readonly serverId: string;
  readonly emit: (event: NewRunEvent) => void;
  readonly place: LeadPlace;
}

/** Shows the run of another client as it goes. Its result, or null when the leader is gone without one. */
export async function watchLeader(parts: WatchParts, leader: Leader): Promise<RunResult | null> {
  const shown = createShown(parts, leader);
  for (let offset = 0; ;) {
    const command = watchLead(parts.place, leader, offset);
    const { stdout } = await survivingCuts(parts, (shell) => shell.run(command, { signal: parts.signal }));
    const [state = "", ...lines] = stdout.split("\n");
    offset += Buffer.byteLength(stdout) - Buffer.byteLength(`${state}\n`);
    for (const line of lines) shown.show(line);
    if (shown.result() !== null) return shown.result();
    if (state !== "leads") return null;
    await wait(LOOK_MS, undefined, { signal: parts.signal }).catch(() => undefined);
  }
}

/** Passes the leader's events on as ours; those of a newer client that this one does not know are left out. */
function createShown({ serverId, emit }: WatchParts, { who, since }: Leader) {
  let lastSeq = 0;
  let result: RunResult | null = null;
  return {
    result: () => result,
    show(line: string): void {
      const parsed = line === "" ? undefined : RunEvent.safeParse(JSON.parse(line));
      if (!parsed?.success || parsed.data.seq <= lastSeq) return;
      const { seq, ...event } = parsed.data;
      lastSeq = seq;
      if (event.type === "ended") {
        result = event.result;
      } else if (event.type === "planned") {
        emit({ ...event, plan: { ...event.plan, serverId } });
        emit({ type: "joined", who, since });
      } else {
        emit(event);
      }
    },
  };
}
