import type { Phase, PhaseOutputs } from "../../contract/algorithm.ts";
import type { RunRecord } from "../store/run-changes.ts";
import { countCriteria, livingCriteria } from "./criteria.ts";

/** One line for people about what a phase gave. */
export function summaryOf(phase: Phase, run: Pick<RunRecord, "outputs" | "criteria">): string {
  return firstLine(wordsOf(phase, run));
}

function wordsOf(phase: Phase, { outputs, criteria }: Pick<RunRecord, "outputs" | "criteria">): string {
  switch (phase) {
    case "OBSERVE":
      return outputs.OBSERVE?.summary ?? "";
    case "THINK":
      return outputs.THINK?.approach ?? "";
    case "PLAN":
      return planWords(outputs.PLAN);
    case "BUILD":
      return count(livingCriteria(criteria).length, "criterion", "criteria");
    case "EXECUTE":
      return executeWords(outputs.EXECUTE);
    case "VERIFY":
      return countCriteria(criteria);
    case "LEARN":
      return count(outputs.LEARN?.learnings.length ?? 0, "learning", "learnings");
  }
}

function planWords(plan: PhaseOutputs["PLAN"]): string {
  const agents = [...new Set((plan?.steps ?? []).map(({ agent }) => agent))];
  return `${count(plan?.steps.length ?? 0, "step", "steps")} for ${agents.join(", ")}`;
}

function executeWords(execution: PhaseOutputs["EXECUTE"]): string {
  const results = execution?.results ?? [];
  return `${results.filter(({ state }) => state === "done").length} of ${count(results.length, "step", "steps")} done`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

const LONGEST = 200;

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
