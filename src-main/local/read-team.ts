import path from "node:path";
import { z } from "zod";
import type { LocalState } from "../../contract/local.ts";
import { ModelName } from "../../contract/status.ts";
import { type ProcessIdentity, isAlive } from "../platform/process-identity.ts";
import type { Places } from "./places.ts";
import { readJson } from "./team/files.ts";
import { STATE_FILE } from "./team/spec.ts";

const StateFile = z.object({
  supervisor: z.object({ pid: z.number(), startTicks: z.string(), bootId: z.string() }),
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
  readonly report: z.infer<typeof StateFile>["report"];
}

/** What the last supervisor said, and whether it still runs. Null when there never was one. */
export function readTeam(places: Places): FoundTeam | null {
  const parsed = StateFile.safeParse(readJson(path.join(places.state, STATE_FILE)));
  if (!parsed.success) return null;
  const { supervisor, report } = parsed.data;
  return { supervisor, report, isSupervised: isAlive(supervisor) };
}

/** The few words the page needs. */
export function localState(found: FoundTeam | null): LocalState {
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
