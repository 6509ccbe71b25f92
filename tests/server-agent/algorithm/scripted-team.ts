import { randomUUID } from "node:crypto";
import type { AlgorithmRun, Phase, PhaseOutput, WorkMode } from "../../../contract/algorithm.ts";
import type { AgentName } from "../../../contract/agents.ts";
import type { Turn } from "../../../contract/console-api.ts";
import type { Task } from "../../../contract/tasks.ts";
import { answer, type DurableApi, type StandInConsole, startConsole } from "../../support/console-stand-in.ts";
import {
  type Connection,
  connectApp,
  createDaemon,
  type DaemonClient,
  type TestDaemon,
} from "../../support/daemon-process.ts";
import { until } from "../../support/start-program.ts";

/** What an agent does in a turn of a run; what it returns is submitted, or said when the turn wants no output. */
export type Script = (turn: Turn, api: DurableApi, interrupted: AbortSignal) => unknown;

export interface ScriptedTeam {
  readonly daemon: TestDaemon;
  app(): DaemonClient;
  /** Phases and steps in the order their turns began, such as "PLAN" or "code: write". */
  readonly turns: string[];
  /** Replaces what is done in a phase, or by an agent in a step. */
  play(scripts: Partial<Record<Phase | AgentName, Script>>): void;
  send(text: string, mode?: WorkMode): Promise<string>;
  show(id: string): Promise<{ task: Task; children: Task[]; run: AlgorithmRun }>;
  when(id: string, what: string, holds: (shown: { task: Task; run: AlgorithmRun }) => boolean): Promise<AlgorithmRun>;
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export const PLAN_OF_ONE: PhaseOutput<"PLAN"> = {
  steps: [{ id: "s1", agent: "code", request: "write it", dependsOn: [] }],
};
const CRITERION = { text: "it is written", check: null, anti: false, partOf: null };

/** A run that goes through at the first try. */
export const SMOOTH: Partial<Record<Phase | AgentName, Script>> = {
  OBSERVE: () => ({ summary: "wanted: it", facts: [], constraints: [], unknowns: [] }),
  THINK: () => ({ approach: "plainly", risks: [], assumptions: [] }),
  PLAN: () => PLAN_OF_ONE,
  BUILD: () => ({ criteria: [CRITERION], dropped: [] }),
  VERIFY: (turn) => verdict(turn, true),
  LEARN: () => ({ learnings: [{ phase: "PLAN", text: "one step was enough" }], signals: [], answer: "It is written." }),
};

/** The same judgement for every criterion. */
export function verdict(turn: Turn, passed: boolean, returnTo: Phase | null = null): PhaseOutput<"VERIFY"> {
  const judges = turn.output?.judges ?? [];
  const results = judges.map(({ criterionId }) => ({ criterionId, passed, evidence: passed ? "seen" : "missing" }));
  return { results, returnTo, why: passed ? "" : "it is missing" };
}

export async function createScriptedTeam(): Promise<ScriptedTeam> {
  const daemon = await createDaemon();
  let connection: Connection<DaemonClient> = await connectApp(daemon);
  let scripts = { ...SMOOTH };
  const turns: string[] = [];
  const consoles = (["supervisor", "qa", "code", "data"] as const).map((agent) =>
    startConsole(daemon, agent, async (turn, api, interrupted) => {
      turns.push(turn.output?.phase ?? `${agent}: ${turn.request.split("\n", 1)[0]}`);
      const script = scripts[turn.output?.phase ?? agent] ?? (() => `${agent} did it`);
      await endTurn(turn, api, await script(turn, api, interrupted));
    }),
  );
  const show: ScriptedTeam["show"] = async (id) => {
    const shown = await connection.client.tasks.show({ id });
    if (!shown.run) throw new Error(`${id} has no run`);
    return { ...shown, run: shown.run };
  };
  return {
    daemon,
    app: () => connection.client,
    turns,
    play(changed) {
      scripts = { ...SMOOTH, ...changed };
      turns.length = 0;
    },
    async send(text, mode = "algorithm") {
      const message = { id: randomUUID(), text, conversationId: "algorithm", mode };
      return (await connection.client.chat.send(message)).taskId;
    },
    show,
    async when(id, what, holds) {
      const shown = await until(
        `the run ${what}`,
        async () => {
          const now = await show(id);
          return holds(now) ? now : null;
        },
        60_000,
      );
      return shown.run;
    },
    async restart() {
      connection.close();
      await daemon.kill("SIGKILL");
      await daemon.start();
      connection = await connectApp(daemon);
    },
    async remove() {
      stopAll(consoles);
      connection.close();
      await daemon.remove();
    },
  };
}

function stopAll(consoles: readonly StandInConsole[]): void {
  for (const console of consoles) console.stop();
}

async function endTurn(turn: Turn, api: DurableApi, output: unknown): Promise<void> {
  if (!turn.output) return await answer(turn, api, String(output));
  const outcome = { state: "done", text: "", simulated: true, output } as const;
  await api(async (client) => await client.finish({ turnId: turn.id, outcome }));
}

/** Runs a command as a console does, with the outcome that the test wants. */
export async function runCommand(
  turn: Turn,
  api: DurableApi,
  { command, passed }: { readonly command: string; readonly passed: boolean },
): Promise<void> {
  const callId = `call-${randomUUID()}`;
  const input = { command, timeout_seconds: 600 };
  const message = { role: "assistant", content: [{ type: "tool_use", id: callId, name: "run_command", input }] };
  const call = { callId, tool: "run_command", summary: command };
  const turnId = turn.id;
  await api(async (client) => await client.journal.append({ turnId, entry: { index: 0, kind: "assistant", message } }));
  await api(async (client) => await client.journal.begin({ turnId, call: { ...call, input } }));
  const end = { ...call, state: passed ? "done" : "failed", output: passed ? "1 line\nfine" : "exit code 1" } as const;
  await api(async (client) => await client.journal.record({ turnId, call: end }));
}
