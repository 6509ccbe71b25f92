import { createHash } from "node:crypto";
import { type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import type { AgentName } from "../../contract/agents.ts";
import type { CallRecord, JournalEntry } from "../../contract/console-api.ts";
import type { Database } from "../store/schema.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { toToolCall } from "../store/rows.ts";
import { takeTeamMessage } from "../store/team-message-changes.ts";
import { storableText } from "../store/storable-text.ts";
import { ownTurn, type OwnTurn } from "./own-turn.ts";
import { loopWarning, resultHash } from "./repeats.ts";

export interface TurnRequest {
  readonly agent: AgentName;
  readonly turnId: string;
  readonly signal?: AbortSignal | undefined;
}

export async function readJournal(
  store: Store,
  { agent, turnId, signal }: TurnRequest,
): Promise<{ entries: JournalEntry[]; calls: CallRecord[] }> {
  return await store.snapshot(async (tx) => {
    await ownTurn(tx, agent, turnId);
    const entries = await tx
      .selectFrom("journal_entries")
      .select(["index", "kind", "message", "tokens", "kept_from"])
      .where("turn_id", "=", turnId)
      .orderBy("index")
      .execute();
    const calls = await tx
      .selectFrom("calls")
      .select(["call_id as callId", "tool", "summary", "state", "output"])
      .where("turn_id", "=", turnId)
      .orderBy("number")
      .execute();
    return { entries: entries.map(toEntry), calls };
  }, signal);
}

function toEntry({
  tokens,
  kept_from,
  ...entry
}: Omit<Selectable<Database["journal_entries"]>, "turn_id">): JournalEntry {
  return { ...entry, ...(tokens !== null && { tokens }), ...(kept_from !== null && { keptFrom: kept_from }) };
}

export async function appendEntry(store: Store, request: TurnRequest, entry: JournalEntry): Promise<void> {
  const { agent, turnId, signal } = request;
  const { messageId } = entry;
  if (messageId === undefined) {
    await store.write(async (db) => await insertEntry(db, request, entry), signal);
  } else {
    await store.change(async (tx, emit) => {
      await insertEntry(tx, request, entry);
      await takeTeamMessage(tx, emit, { id: messageId, agent, turnId });
    }, signal);
  }
}

async function insertEntry(db: Kysely<Database>, request: TurnRequest, entry: JournalEntry): Promise<void> {
  const { numAffectedRows } = await insertionOf(request, entry).execute(db);
  if (numAffectedRows === 0n) await ownTurn(db, request.agent, request.turnId);
}

/** One that is there already stays as it is, and a turn of another agent without it. */
export function insertionOf({ agent, turnId }: TurnRequest, entry: JournalEntry): RawBuilder<unknown> {
  const { index, kind, message = null, tokens = null, keptFrom = null } = entry;
  return sql`
    insert into journal_entries (turn_id, index, kind, message, tokens, kept_from)
    select id, ${index}::integer, ${kind}::text, ${JSON.stringify(message)}::json, ${tokens}::integer,
      ${keptFrom}::integer
    from turns where id = ${turnId} and agent = ${agent}
    on conflict do nothing`;
}

/** Gives the output as it is kept: with a warning when the same was done with the same result before. */
export async function recordCall(
  store: Store,
  request: TurnRequest,
  call: CallRecord,
): Promise<{ readonly output: string }> {
  return await store.change(async (tx, emit, audit) => {
    const change = { tx, emit };
    const written =
      (await endRunning(change, request, call)) ??
      (await writeCall(change, await ownTurn(tx, request.agent, request.turnId), call));
    if (!written) return { output: (await readOutput(tx, request, call)) ?? call.output };
    if (call.state === "running") return { output: written.output };
    const { turnId: turn } = request;
    const detail = { turn, call: call.callId, tool: call.tool, state: call.state, ...digest(call.output) };
    audit({ kind: "call_ended", agent: written.agent, taskId: written.task_id, detail });
    return { output: await warnOfLoop(tx, written) };
  }, request.signal);
}

type CallRow = Selectable<Database["calls"]>;

/** The usual end of a call: it was begun. Null when nothing of that turn runs by this id. */
async function endRunning(
  { tx, emit }: { tx: Tx; emit: Emit },
  { agent, turnId }: TurnRequest,
  call: CallRecord,
): Promise<(CallRow & { readonly same: number }) | null> {
  if (call.state === "running") return null;
  const row = await tx
    .updateTable("calls")
    .set(endOf(call))
    .where("turn_id", "=", turnId)
    .where("call_id", "=", call.callId)
    .where("agent", "=", agent)
    .where("state", "=", "running")
    .returningAll()
    .returning(SAME.as("same"))
    .executeTakeFirst();
  if (row) emit({ type: "tool_changed", call: toToolCall(row) });
  return row ?? null;
}

/** How often the turn has done, or begun, what this call does. */
const SAME = sql<number>`(
  select count(*) from calls as other
  where other.turn_id = calls.turn_id and other.action_hash = calls.action_hash)`;

function endOf(call: CallRecord) {
  const isRunning = call.state === "running";
  return {
    summary: storableText(call.summary),
    state: call.state,
    output: storableText(call.output),
    ended_at: isRunning ? null : new Date(),
    result_hash: isRunning ? null : resultHash(call),
  };
}

async function warnOfLoop(tx: Tx, row: CallRow & { readonly same?: number }): Promise<string> {
  if (row.action_hash === null || row.same === 1) return row.output;
  const warning = await loopWarning(tx, row.turn_id, row.action_hash);
  if (warning === "") return row.output;
  const output = row.output + warning;
  await tx
    .updateTable("calls")
    .set({ output })
    .where("turn_id", "=", row.turn_id)
    .where("call_id", "=", row.call_id)
    .execute();
  return output;
}

async function readOutput(tx: Tx, turn: TurnRequest, { callId }: CallRecord): Promise<string | undefined> {
  const row = await tx
    .selectFrom("calls")
    .select("output")
    .where("turn_id", "=", turn.turnId)
    .where("call_id", "=", callId)
    .executeTakeFirst();
  return row?.output;
}

/** The result itself stands with the call; the trail proves that it was this one. */
function digest(output: string): { outputBytes: number; outputSha256: string } {
  const bytes = Buffer.from(output, "utf8");
  return { outputBytes: bytes.length, outputSha256: createHash("sha256").update(bytes).digest("hex") };
}

interface WrittenCall extends CallRecord {
  readonly hash?: string;
  /** What its agent's right to do it comes from. */
  readonly allowedBy?: string | null;
}

/** A call that ended stays ended, so a late `running` cannot undo it; what changes nothing tells nothing and gives null. */
export async function writeCall(
  { tx, emit }: { tx: Tx; emit: Emit },
  turn: OwnTurn,
  call: WrittenCall,
): Promise<CallRow | null> {
  const end = endOf(call);
  const place = { task_id: turn.taskId, conversation_id: turn.conversationId, agent: turn.agent };
  const row = await tx
    .insertInto("calls")
    .values({
      turn_id: turn.turnId,
      call_id: call.callId,
      ...place,
      tool: storableText(call.tool),
      action_hash: call.hash ?? null,
      allowed_by: call.allowedBy ?? null,
      ...end,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["turn_id", "call_id"])
        .doUpdateSet(end)
        .where("calls.state", "=", "running")
        .where((column) =>
          column.or([column("calls.output", "!=", end.output), column("calls.state", "!=", end.state)]),
        ),
    )
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "tool_changed", call: toToolCall(row) });
  return row ?? null;
}
