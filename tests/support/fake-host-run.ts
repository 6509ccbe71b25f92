import type { AlgorithmRun, Criterion, Judgement, Phase, TracedPhase } from "../../contract/algorithm.ts";
import type { Approval } from "../../contract/approvals.ts";
import { ago, APPROVAL, message, sshServer, STATUS, task } from "./fake-host-scenes.ts";
import type { Scene } from "./fake-host-world.ts";

const SECOND = 1000;
const REQUEST = "Move the shop's orders into their own table, without losing one.";
const SENT_BACK = "Two orders without a customer were dropped. Keep them, with an empty customer.";

interface Done {
  readonly phase: Phase;
  readonly summary: string;
  readonly part?: Partial<TracedPhase>;
}

const FIRST_ROUND: readonly Done[] = [
  { phase: "OBSERVE", summary: "4,812 orders live in shop.csv; two of them have no customer" },
  { phase: "THINK", summary: "Copy, count, then switch; the old file stays until the counts agree" },
  { phase: "PLAN", summary: "3 steps for data, code" },
  { phase: "BUILD", summary: "4 criteria" },
  { phase: "EXECUTE", summary: "3 of 3 steps done" },
  {
    phase: "VERIFY",
    summary: "2 of 4 criteria passed",
    part: { sentBackTo: "EXECUTE", why: SENT_BACK },
  },
];

function traced({ phase, summary, part }: Done, number: number, iteration = 1): TracedPhase {
  const begun = (300 - 25 * number) * SECOND;
  return {
    number,
    phase,
    iteration,
    state: "done",
    startedAt: ago(begun),
    endedAt: ago(begun - 20 * SECOND),
    taskIds: [`run-${number}`],
    summary,
    sentBackTo: null,
    why: null,
    ...part,
  };
}

const EXECUTE_AGAIN = traced({ phase: "EXECUTE", summary: "", part: { state: "running", endedAt: null } }, 7, 2);
const TRACE = [...FIRST_ROUND.map((done, index) => traced(done, index + 1)), EXECUTE_AGAIN];

function judged(passed: boolean, evidence: string, check = true): Judgement {
  const proof = check
    ? { callId: "run-6.1.call-1", outputSha256: "9c".repeat(32) }
    : { callId: null, outputSha256: null };
  return { iteration: 1, passed, evidence, at: ago(130 * SECOND), ...proof };
}

function criterion(id: string, text: string, part: Partial<Criterion> = {}): Criterion {
  return { id, text, check: null, anti: false, state: "open", reason: null, judgements: [], ...part };
}

const CRITERIA: readonly Criterion[] = [
  criterion("ISC-1", "The table orders holds 4,812 rows", {
    check: "psql -Atc 'select count(*) from orders' | grep -qx 4812",
    judgements: [judged(false, "4810\nexit code 1")],
  }),
  criterion("ISC-2", "Every order has the total it had", {
    state: "dropped",
    reason: "Split into ISC-2.1, ISC-2.2",
  }),
  criterion("ISC-2.1", "The sum of all totals is the same", {
    check: "./compare-totals.sh",
    judgements: [judged(true, "1284223.40 = 1284223.40")],
  }),
  criterion("ISC-2.2", "Totals keep their currency", {
    judgements: [judged(true, "I compared ten orders of each currency.", false)],
  }),
  criterion("ISC-3", "No order is lost", {
    anti: true,
    judgements: [judged(false, "Orders 118 and 4107 are missing.", false)],
  }),
];

export const RUN: AlgorithmRun = {
  taskId: "run",
  conversationId: "main",
  state: "running",
  iteration: 2,
  phase: "EXECUTE",
  criteria: [...CRITERIA],
  trace: TRACE,
};

const TASKS = TRACE.map(({ number, phase, iteration, startedAt, endedAt }) =>
  task(`run-${number}`, {
    parentId: "run",
    agent: phase === "VERIFY" ? "qa" : phase === "EXECUTE" ? "data" : "supervisor",
    phase,
    request:
      phase === "EXECUTE"
        ? "Copy the orders into the table orders\n\n<sent_back>…"
        : `${phase}, round ${iteration} of run run.\n\nThis is one phase of The Algorithm.`,
    state: endedAt === null ? "running" : "done",
    createdAt: startedAt,
    startedAt,
    endedAt,
  }),
);

/** A run in its second round, and one that was verified before. */
export const ALGORITHM: Scene = {
  servers: [sshServer()],
  status: STATUS,
  messages: [message("r1", { role: "person", agent: null, taskId: "run", text: REQUEST, at: ago(300 * SECOND) })],
  tasks: [
    task("run", { request: REQUEST, state: "waiting", createdAt: ago(300 * SECOND), startedAt: ago(300 * SECOND) }),
    ...TASKS,
  ],
  runs: [RUN],
};

const AGAIN: Approval = {
  ...APPROVAL,
  id: "again",
  taskId: "run",
  agent: "supervisor",
  action: "Try round 4, from EXECUTE on",
  reason: "2 of 4 criteria passed after 3 rounds:\nISC-3 No order is lost: Orders 118 and 4107 are missing.",
  tool: null,
  hash: null,
};

/** The same when its checks failed three times. */
export const STUCK: Scene = {
  ...ALGORITHM,
  runs: [{ ...RUN, state: "asking", iteration: 3, phase: "VERIFY", trace: TRACE.slice(0, 6) }],
  approvals: [AGAIN],
};
