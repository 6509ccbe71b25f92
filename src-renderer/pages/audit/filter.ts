import type { AgentName } from "../../../contract/agents.ts";
import type { AuditKind } from "../../../contract/audit.ts";

export type TimeSpan = "any" | "hour" | "day" | "week" | "between";

/** What a person wants to see of the trail; null and empty mean everything. */
export interface TrailFilter {
  readonly agent: AgentName | null;
  readonly kind: AuditKind | null;
  readonly taskId: string | null;
  readonly text: string;
  readonly span: TimeSpan;
  /** For `between`: local times as a date field writes them, or empty. */
  readonly from: string;
  readonly to: string;
}

export const NO_FILTER: TrailFilter = {
  agent: null,
  kind: null,
  taskId: null,
  text: "",
  span: "any",
  from: "",
  to: "",
};

const HOUR_MS = 3_600_000;
const SPAN_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };

export function isFiltered(filter: TrailFilter): boolean {
  const { agent, kind, taskId, text, span } = filter;
  return agent !== null || kind !== null || taskId !== null || text.trim() !== "" || span !== "any";
}

/** The filter as a request to the daemon. */
export function toRequest({ agent, kind, taskId, text, ...time }: TrailFilter, now: number) {
  return {
    ...(agent && { agent }),
    ...(kind && { kind }),
    ...(taskId && { taskId }),
    ...(text.trim() && { text: text.trim() }),
    ...timeRequest(time, now),
  };
}

function timeRequest({ span, from, to }: Pick<TrailFilter, "span" | "from" | "to">, now: number) {
  if (span === "any") return {};
  if (span !== "between") return { from: new Date(now - SPAN_MS[span]).toISOString() };
  return { ...instant("from", from), ...instant("to", to) };
}

/** Empty for a time that is not whole, or of a year that the wire has no form for. */
function instant<Name extends string>(name: Name, local: string): Partial<Record<Name, string>> {
  const at = new Date(local);
  const isUsable = at.getFullYear() >= 0 && at.getFullYear() <= 9999;
  return isUsable ? ({ [name]: at.toISOString() } as Record<Name, string>) : {};
}
