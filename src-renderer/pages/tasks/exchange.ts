import { AgentName } from "../../../contract/agents.ts";
import type { SentMessage } from "../../../contract/team-messages.ts";

/** One arrow of the exchange: from one column to another, or to all. */
export interface Arrow {
  readonly id: string;
  readonly type: SentMessage["type"];
  readonly from: number;
  /** Null: to everyone. */
  readonly to: number | null;
  readonly text: string;
  readonly taken: boolean;
  readonly at: string;
}

export interface Exchange {
  /** Who takes part, from left to right. */
  readonly columns: readonly SentMessage["source"][];
  readonly arrows: readonly Arrow[];
}

const ORDER: readonly SentMessage["source"][] = ["person", ...AgentName.options];

/** What agents told each other, as rows of arrows between columns. */
export function exchangeOf(messages: readonly SentMessage[]): Exchange {
  const sorted = messages.toSorted((a, b) => a.timestamp.localeCompare(b.timestamp));
  const taking = new Set(sorted.flatMap(({ source, target }) => (target === "*" ? [source] : [source, target])));
  const columns = ORDER.filter((name) => taking.has(name));
  const arrows = sorted.map(({ id, type, source, target, payload, timestamp, takenBy }) => ({
    id,
    type,
    from: columns.indexOf(source),
    to: target === "*" ? null : columns.indexOf(target),
    text: firstLine(type === "result" ? payload.context || payload.action : payload.action),
    taken: takenBy.length > 0 || type === "result",
    at: timestamp,
  }));
  return { columns, arrows };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
