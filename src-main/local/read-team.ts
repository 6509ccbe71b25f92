import path from "node:path";
import { z } from "zod";
import type { LocalState } from "../../contract/local.ts";
import { ModelName } from "../../contract/status.ts";
import { type ProcessIdentity, isAlive } from "../platform/process-identity.ts";
import type { Places } from "./places.ts";
import { readJson } from "./team/files.ts";
import { PROCESSES_FILE, STATE_FILE } from "./team/spec.ts";

const Identity = z.object({ pid: z.number(), startTicks: z.string(), bootId: z.string() });
const ProcessesFile = z.record(z.string(), Identity);

const StateFile = z.object({
  supervisor: Identity,
  report: z.discriminatedUnion("state", [
    z.object({ state: z.literal("starting"), doing: z.string() }),
    z.object({ state: z.literal("running"), since: z.iso.datetime(), model: ModelName, settings: z.string() }),
    z.object({ state: z.literal("stopping") }),
    z.object({ state: z.literal("stopped") }),
    z.object({ state: z.literal("failed"), message: z.string(), details: z.string() }),
  ]),
});

export interface FoundTeam {
  readonly supervisor: ProcessIdentity;
  readonly isSupervised: boolean;
  /** The supervisor was killed, and something that it started lives. */
  readonly isLeftAlone: boolean;
  readonly report: z.infer<typeof StateFile>["report"];
}

/** What the last supervisor said, and whether it still runs. Null when there never was one. */
export function readTeam(places: Places): FoundTeam | null {
  const parsed = StateFile.safeParse(readJson(path.join(places.state, STATE_FILE)));
  if (!parsed.success) return null;
  const { supervisor, report } = parsed.data;
  const isSupervised = isAlive(supervisor);
  return { supervisor, report, isSupervised, isLeftAlone: !isSupervised && livesWithout(places) };
}

function livesWithout(places: Places): boolean {
  const processes = ProcessesFile.safeParse(readJson(path.join(places.state, PROCESSES_FILE)));
  return processes.success && Object.values(processes.data).some(isAlive);
}

/** The few words the page needs. */
export function localState(found: FoundTeam | null): LocalState {
  if (found?.isLeftAlone) return { state: "unsupervised" };
  if (found === null || !found.isSupervised) return { state: "stopped" };
  const { report } = found;
  switch (report.state) {
    case "starting":
      return { state: "starting", doing: report.doing };
    case "running":
      return { state: "running", since: report.since, model: report.model };
    case "stopping":
    case "stopped":
    case "failed":
      return { state: "stopped" };
  }
}
