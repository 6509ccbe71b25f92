import type { AgentName } from "../../contract/agents.ts";
import type { Phase, WantedOutput } from "../../contract/algorithm.ts";
import { derivedId } from "../platform/derived-id.ts";
import { type Change, insertResult } from "../turns/delegate.ts";
import { toTask } from "../store/rows.ts";
import { insertTeamMessage } from "../store/team-message-changes.ts";

interface ToldTask {
  readonly id: string;
  readonly conversationId: string;
  readonly agent: AgentName;
  readonly phase: Phase;
  readonly priority: number;
  readonly request: string;
  readonly wantedOutput?: WantedOutput;
}

/** The message with which the supervisor gives a part of a run to another agent. */
export async function tellTask({ tx, emit }: Change, task: ToldTask): Promise<void> {
  if (task.agent === "supervisor") return;
  const { id, conversationId, priority, phase, wantedOutput } = task;
  const verification_criteria = (wantedOutput?.judges ?? []).map(({ criterionId }) => criterionId);
  await insertTeamMessage(tx, emit, {
    id: derivedId("message", id, "task"),
    source: "supervisor",
    target: task.agent,
    type: "task",
    action: task.request,
    conversationId,
    taskId: id,
    priority,
    pai: { algorithm_phase: phase, verification_criteria },
  });
}

/** The messages with which the agents answer. */
export async function tellResults({ tx, emit }: Change, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return;
  const rows = await tx.selectFrom("tasks").selectAll().where("id", "in", taskIds).orderBy("number").execute();
  for (const task of rows.map(toTask)) {
    if (task.agent !== "supervisor" && task.endedAt !== null) await insertResult({ tx, emit }, "supervisor", task);
  }
}
