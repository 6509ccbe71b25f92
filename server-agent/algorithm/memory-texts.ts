import type { AlgorithmRun, PhaseOutput } from "../../contract/algorithm.ts";
import { countCriteria } from "./criteria.ts";
import type { MemoryLine } from "../platform/memory-folder.ts";

export interface MemoryFile {
  readonly file: string;
  readonly text: string;
}

interface Learned {
  readonly runId: string;
  readonly request: string;
  /** When LEARN's task ended, which no repetition changes. */
  readonly at: string;
  readonly learnings: PhaseOutput<"LEARN">["learnings"];
}

/** One file for each learning, in the folder of the phase it is about. */
export function learningFiles({ runId, request, at, learnings }: Learned): MemoryFile[] {
  return learnings.map(({ phase, text }, index) => {
    const id = `${runId}-${index + 1}`;
    const head = frontMatter({ id, type: "learning", phase, created: at, task: runId, source: "algorithm" });
    const file = `MEMORY/Learning/${phase}/${at.slice(0, 10)}_${id}.md`;
    return { file, text: `${head}\n${text}\n\nLearned from: ${oneLine(request)}\n` };
  });
}

export const SIGNALS_FILE = "MEMORY/Signals/verification.jsonl";

/** One line for each criterion that was judged in a round. */
export function judgementSignals(run: AlgorithmRun, iteration: number): MemoryLine[] {
  return run.criteria.flatMap(({ id, text, check, judgements }) => {
    const judgement = judgements.findLast((one) => one.iteration === iteration);
    if (!judgement) return [];
    const { passed, at, outputSha256 } = judgement;
    const place = { task: run.taskId, iteration, criterion: id };
    return [
      { id: `${run.taskId}-${iteration}-${id}`, kind: "judgement", at, ...place, text, check, passed, outputSha256 },
    ];
  });
}

/** One line for each thing that the checks taught. */
export function learnedSignals(runId: string, at: string, signals: PhaseOutput<"LEARN">["signals"]): MemoryLine[] {
  return signals.map(({ criterionId, text }, index) => {
    return { id: `${runId}-signal-${index + 1}`, kind: "learned", at, task: runId, criterion: criterionId, text };
  });
}

/** Where the record of a run lies: with the work under way, or put away. */
export function recordFolder(runId: string, isEnded: boolean): string {
  return `MEMORY/Work/${isEnded ? "archive" : "active"}/${runId}`;
}

/** The record of a run for people and agents to read. */
export function runRecord(run: AlgorithmRun, request: string): string {
  const head = frontMatter({
    id: run.taskId,
    type: "run",
    state: run.state,
    phase: run.phase,
    iteration: run.iteration,
  });
  const criteria = run.criteria.flatMap(({ id, text, check, anti, state, reason, judgements }) => {
    const evidence = judgements.at(-1)?.evidence;
    return [
      `- [${state === "passed" ? "x" : " "}] ${id}${anti ? " (anti)" : ""}: ${oneLine(text)} — ${state}${reason ? `: ${oneLine(reason)}` : ""}`,
      ...(check === null ? [] : [`  - check: \`${oneLine(check)}\``]),
      ...(evidence ? [`  - evidence: ${oneLine(evidence)}`] : []),
    ];
  });
  const trace = run.trace.map(({ number, phase, iteration, state, startedAt, summary, sentBackTo, why }) => {
    const back = sentBackTo === null ? "" : `, sent back to ${sentBackTo}: ${oneLine(why ?? "")}`;
    return `${number}. ${startedAt} ${phase} (round ${iteration}): ${state}. ${oneLine(summary)}${back}`;
  });
  return [
    head,
    `## Request\n\n${request}\n`,
    `## Criteria\n\n${countCriteria(run.criteria)}.\n`,
    ...criteria,
    `\n## Trace\n`,
    ...trace,
    "",
  ].join("\n");
}

/** Values as JSON, which is YAML too. */
function frontMatter(fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `---\n${lines.join("\n")}\n---\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}
