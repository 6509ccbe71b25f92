import type { AgentName } from "../../contract/agents.ts";
import { DOERS } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";
import { insertTeamMessage } from "../store/team-message-changes.ts";
import type { TurnRequest } from "./journal.ts";
import { ownTurn } from "./own-turn.ts";

export interface Told {
  readonly callId: string;
  readonly action: string;
  readonly context: string;
}

/** Agents that pass a task around do no work. */
const MAX_HANDED_ON = 5;

/** Ends this turn and gives the task to another agent, which answers for it from then on. Twice is once. */
export async function handOff(
  store: Store,
  from: TurnRequest,
  { callId, agent, action, context }: Told & { readonly agent: AgentName },
): Promise<void> {
  if (agent === from.agent) throw new AppError("app.bad_input", `The task is with ${agent} already`);
  await store.change(async (tx, emit, audit) => {
    const turn = await ownTurn(tx, from.agent, from.turnId);
    if (turn.isEnded) return;
    await refuseInRun(tx, turn.taskId, agent);
    const now = new Date();
    await tx.updateTable("turns").set({ ended_at: now }).where("id", "=", turn.turnId).execute();
    const row = await tx
      .updateTable("tasks")
      .set((task) => ({ agent, state: "queued", handed_on: task("handed_on", "+", 1) }))
      .where("id", "=", turn.taskId)
      .where("handed_on", "<", MAX_HANDED_ON)
      .returningAll()
      .executeTakeFirst();
    if (!row) {
      throw new AppError("app.bad_input", `This task was handed on ${MAX_HANDED_ON} times`, {
        hint: "Finish it, or say why nobody can.",
      });
    }
    const place = { conversationId: turn.conversationId, taskId: turn.taskId, priority: row.priority };
    const id = derivedId("message", turn.turnId, callId);
    await insertTeamMessage(tx, emit, {
      id,
      source: from.agent,
      target: agent,
      type: "handoff",
      action,
      context,
      ...place,
    });
    emit({ type: "task_changed", task: toTask(row) });
    audit({ kind: "decision", agent: from.agent, taskId: turn.taskId, detail: { handedTo: agent, action } });
  }, from.signal);
}

/** Who judges a run did none of its work, and a phase belongs to the agent that has it. */
async function refuseInRun(tx: Tx, taskId: string, to: AgentName): Promise<void> {
  const { phase } = await tx.selectFrom("tasks").select("phase").where("id", "=", taskId).executeTakeFirstOrThrow();
  if (phase === null || (phase === "EXECUTE" && DOERS.some((doer) => doer === to))) return;
  throw new AppError("app.bad_input", `The ${to} agent cannot take over ${phase}`, {
    hint: "Within a run of the Algorithm only a step of the work can be handed over, and not to qa.",
  });
}

/** Tells every other agent; each reads it with its next task. Twice is once. */
export async function broadcast(store: Store, from: TurnRequest, { callId, action, context }: Told): Promise<void> {
  await store.change(async (tx, emit) => {
    const turn = await ownTurn(tx, from.agent, from.turnId);
    const id = derivedId("message", turn.turnId, callId);
    const place = { conversationId: turn.conversationId, taskId: turn.taskId };
    await insertTeamMessage(tx, emit, {
      id,
      source: from.agent,
      target: "*",
      type: "learn",
      action,
      context,
      ...place,
    });
  }, from.signal);
}
