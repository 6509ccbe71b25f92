import { type RawBuilder, sql, type Transaction } from "kysely";
import type { Redact } from "../platform/redact.ts";
import { type AuditDraft, type AuditRow, chainRecords } from "./append-audit.ts";
import { conversationOf, type EventDraft, type StoredEvent } from "./event-draft.ts";
import type { Database } from "./schema.ts";

/** What a change tells about itself. */
export interface Telling {
  readonly events: readonly EventDraft[];
  readonly records: readonly AuditDraft[];
}

/**
 * Numbers and stores events and audit records as the last act of a transaction. The rows with the last numbers stay
 * locked until the commit, so the order of numbers is the order of commits, without gaps: a reader never misses one that
 * became visible later, and the audit chain never forks. Gives the events as a reader would get them.
 */
export async function tell(
  tx: Transaction<Database>,
  { events, records }: Telling,
  redact: Redact,
): Promise<StoredEvent[]> {
  const payloads = events.map((draft) => JSON.stringify(draft));
  const stored = (last: number): StoredEvent[] =>
    payloads.map((text, index) => ({ ...JSON.parse(text), seq: last - payloads.length + 1 + index }) as StoredEvent);
  if (records.length > 0) {
    const { eventSeq, ...head } = await lockTrails(tx);
    const last = eventSeq + events.length;
    const { rows, head: newHead } = chainRecords(head, records, redact);
    await sql`
      with counter as (update event_counter set seq = ${last} where seq <> ${last}),
        told as (${insertEvents(events, payloads, sql`${eventSeq}::bigint + place from`)}),
        head as (update audit_head set seq = ${newHead.seq}, hash = ${newHead.hash})
      ${insertRecords(rows)}`.execute(tx);
    return stored(last);
  }
  if (events.length === 0) return [];
  const { rows } = await sql<{ seq: number }>`
    with counter as (update event_counter set seq = seq + ${events.length}::bigint returning seq),
      told as (${insertEvents(events, payloads, sql`seq - ${events.length}::bigint + place from counter,`)})
    select seq from counter`.execute(tx);
  return stored(rows[0]?.seq ?? Number.NaN);
}

export interface Trails {
  /** Of the last event. */
  readonly eventSeq: number;
  /** Of the last audit record. */
  readonly seq: number;
  readonly hash: string;
}

/** Holds back every other change that tells something. Both are always locked together, so that nobody waits in a ring. */
export async function lockTrails(tx: Transaction<Database>): Promise<Trails> {
  const { rows } = await sql<Trails>`
    select counter.seq as "eventSeq", head.seq, head.hash
    from event_counter as counter, audit_head as head for update of counter, head`.execute(tx);
  const [trails] = rows;
  if (!trails) throw new Error("The counters of events and audit records are gone");
  return trails;
}

/** `from`: what gives an event's number, and where it comes from. */
function insertEvents(
  events: readonly EventDraft[],
  payloads: readonly string[],
  from: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    insert into events (conversation_id, payload, seq)
    select conversation_id, payload::json, ${from}
      unnest(${events.map(conversationOf)}::text[], ${payloads}::text[])
        with ordinality as draft (conversation_id, payload, place)
    order by place`;
}

function insertRecords(rows: readonly AuditRow[]): RawBuilder<unknown> {
  const column = <Name extends keyof AuditRow>(name: Name): AuditRow[Name][] => rows.map((row) => row[name]);
  return sql`
    insert into audit (seq, at, kind, agent, task_id, detail, hash)
    select * from unnest(${column("seq")}::bigint[], ${column("at")}::text[], ${column("kind")}::text[],
      ${column("agent")}::text[], ${column("taskId")}::text[], ${column("detail")}::text[], ${column("hash")}::text[])`;
}
