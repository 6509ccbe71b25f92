import type { SentMessage } from "../../contract/team-messages.ts";

const MINUTE = 60_000;

interface Told extends Pick<SentMessage, "source" | "target" | "type"> {
  readonly taskId: string;
  readonly action: string;
  readonly context?: string;
  readonly takenBy?: SentMessage["takenBy"];
}

function told(number: number, { taskId, action, context = "", takenBy = [], ...ends }: Told): SentMessage {
  return {
    id: `tm${number}`,
    timestamp: new Date(Date.now() - 3 * MINUTE + number * 4_000).toISOString(),
    ...ends,
    priority: 5,
    payload: { task_id: taskId, action, context, memory_refs: [] },
    pai: { algorithm_phase: null, verification_criteria: [], learning_signals: [] },
    conversationId: "main",
    takenBy: [...takenBy],
  };
}

/** What the working team told each other. */
export const EXCHANGE: readonly SentMessage[] = [
  told(1, {
    source: "supervisor",
    target: "code",
    type: "task",
    taskId: "t2",
    action: "Add GET /healthz with a test",
    takenBy: ["code"],
  }),
  told(2, {
    source: "supervisor",
    target: "infra",
    type: "task",
    taskId: "t3",
    action: "Add the domain status.example.com",
    takenBy: ["infra"],
  }),
  told(3, {
    source: "code",
    target: "data",
    type: "query",
    taskId: "t2",
    action: "Which query is cheap enough for a health check?",
    takenBy: ["data"],
  }),
  told(4, {
    source: "data",
    target: "code",
    type: "result",
    taskId: "t2",
    action: "done",
    context: "select 1 is enough",
  }),
  told(5, { source: "infra", target: "*", type: "learn", taskId: "t3", action: "Port 80 belongs to nginx now" }),
  told(6, {
    source: "person",
    target: "code",
    type: "query",
    taskId: "t2",
    action: "Answer 503 when the database is away",
    takenBy: ["code"],
  }),
];
