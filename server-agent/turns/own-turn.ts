import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { Tx } from "../store/open-store.ts";
import type { TurnPlace } from "./board.ts";

export interface OwnTurn extends TurnPlace {
  readonly rootId: string;
  /** That the task changes in a worktree of its own. */
  readonly repository: string | null;
  readonly isEnded: boolean;
}

/** The turn a console speaks about; refused when it is another agent's. */
export async function ownTurn(db: Pick<Tx, "selectFrom">, agent: AgentName, turnId: string): Promise<OwnTurn> {
  const row = await db
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select(["tasks.id as taskId", "tasks.root_id as rootId", "tasks.conversation_id as conversationId"])
    .select("tasks.repository")
    .select(["turns.id as turnId", "turns.agent", "turns.ended_at as endedAt"])
    .where("turns.id", "=", turnId)
    .where("turns.agent", "=", agent)
    .executeTakeFirst();
  if (!row) throw new AppError("app.not_found", `The agent ${agent} has no turn ${turnId}`);
  const { endedAt, ...place } = row;
  return { ...place, isEnded: endedAt !== null };
}

export async function ownOpenTurn(db: Pick<Tx, "selectFrom">, agent: AgentName, turnId: string): Promise<OwnTurn> {
  const turn = await ownTurn(db, agent, turnId);
  if (turn.isEnded) throw new AppError("task.cancelled", `The task ${turn.taskId} has ended`);
  return turn;
}
