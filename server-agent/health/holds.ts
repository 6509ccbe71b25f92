import type { AgentHold, AgentName } from "../../contract/agents.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { COUNTED_MS, type Death, holdReason } from "./breaker.ts";

export interface ConsoleDeath {
  /** The same death twice is one. */
  readonly id: string;
  readonly agent: AgentName;
  readonly at: Date;
  readonly how: string;
}

/** Records a death, and holds the agent when it was one too many. */
export async function recordDeath(store: Store, { id, agent, at, how }: ConsoleDeath): Promise<void> {
  await store.change(async (tx, _emit, audit) => {
    const taskIds = await tasksInWork(tx, agent);
    const row = await tx
      .insertInto("console_deaths")
      .values({ id, agent, at, how, task_ids: JSON.stringify(taskIds) })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!row) return;
    audit({ kind: "console_ended", agent, taskId: taskIds[0] ?? null, detail: { how, tasks: taskIds } });
    const reason = holdReason(await countedDeaths(tx, agent), new Date());
    if (reason === null) return;
    const held = await tx
      .insertInto("agent_holds")
      .values({ agent, reason, kept: false })
      .onConflict((conflict) => conflict.doNothing())
      .returning("agent")
      .executeTakeFirst();
    if (held) audit({ kind: "agent_held", agent, taskId: taskIds[0] ?? null, detail: { reason } });
  });
}

export async function readHolds(store: Store): Promise<Map<AgentName, AgentHold>> {
  const rows = await store.read(async (db) => await db.selectFrom("agent_holds").selectAll().execute());
  return new Map(rows.map(({ agent, reason, since, kept }) => [agent, { reason, since: since.toISOString(), kept }]));
}

/** By a person. What happened before counts no longer. */
export async function endHold(store: Store, agent: AgentName): Promise<void> {
  await store.change(async (tx, _emit, audit) => {
    const ended = await tx.deleteFrom("agent_holds").where("agent", "=", agent).returning("agent").executeTakeFirst();
    if (!ended) return;
    const at = new Date();
    await tx
      .insertInto("agent_starts")
      .values({ agent, at })
      .onConflict((conflict) => conflict.column("agent").doUpdateSet({ at }))
      .execute();
    audit({ kind: "agent_hold_answered", agent, detail: { answer: "started" } });
  });
}

/** A person has seen it and wants it so. */
export async function keepHold(store: Store, agent: AgentName): Promise<void> {
  await store.change(async (tx, _emit, audit) => {
    const row = await tx
      .updateTable("agent_holds")
      .set({ kept: true })
      .where("agent", "=", agent)
      .where("kept", "=", false)
      .returning("agent")
      .executeTakeFirst();
    if (row) audit({ kind: "agent_hold_answered", agent, detail: { answer: "kept stopped" } });
  });
}

/** What its console was at: a task that waits for others had no part in the death. */
async function tasksInWork(tx: Tx, agent: AgentName): Promise<string[]> {
  const rows = await tx
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select("tasks.id")
    .where("turns.agent", "=", agent)
    .where("turns.ended_at", "is", null)
    .where("tasks.state", "=", "running")
    .orderBy("tasks.number")
    .execute();
  return rows.map(({ id }) => id);
}

/** Newest first. */
async function countedDeaths(tx: Tx, agent: AgentName): Promise<Death[]> {
  const start = await tx.selectFrom("agent_starts").select("at").where("agent", "=", agent).executeTakeFirst();
  const since = new Date(Math.max(start?.at.getTime() ?? 0, Date.now() - COUNTED_MS));
  const rows = await tx
    .selectFrom("console_deaths")
    .select(["at", "how", "task_ids"])
    .where("agent", "=", agent)
    .where("at", ">", since)
    .orderBy("at", "desc")
    .execute();
  return rows.map(({ at, how, task_ids }) => ({ at, how, taskIds: task_ids }));
}
