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
  const row = await selectTurn(db, { agent, turnId }).executeTakeFirst();
  return row ?? refuseForeign({ agent, turnId });
}

export async function ownOpenTurn(db: Pick<Tx, "selectFrom">, agent: AgentName, turnId: string): Promise<OwnTurn> {
  return refuseEnded(await ownTurn(db, agent, turnId));
}

interface Named {
  readonly agent: AgentName;
  readonly turnId: string;
}

/** The turn by its name, for statements that ask for more about it. */
export function selectTurn(db: Pick<Tx, "selectFrom">, { agent, turnId }: Named) {
  return db
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select(["tasks.id as taskId", "tasks.root_id as rootId", "tasks.conversation_id as conversationId"])
    .select("tasks.repository")
    .select(["turns.id as turnId", "turns.agent"])
    .select((turn) => turn("turns.ended_at", "is not", null).as("isEnded"))
    .where("turns.id", "=", turnId)
    .where("turns.agent", "=", agent)
    .$narrowType<{ isEnded: boolean }>();
}

export function refuseForeign({ agent, turnId }: Named): never {
  throw new AppError("app.not_found", `The agent ${agent} has no turn ${turnId}`);
}

export function refuseEnded<Turn extends OwnTurn>(turn: Turn): Turn {
  if (turn.isEnded) throw new AppError("task.cancelled", `The task ${turn.taskId} has ended`);
  return turn;
}
