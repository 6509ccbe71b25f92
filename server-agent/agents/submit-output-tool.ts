import { PHASE_OUTPUTS, type PhaseOutput, type WantedOutput } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import { type AgentTool, defineTool } from "./agent-tool.ts";

export const SUBMIT_OUTPUT = "submit_output";

/** Ends a turn with what it has to give. `hasRun` tells whether a command was run to its end in this turn. */
export function submitOutputTool(wanted: WantedOutput, hasRun: (command: string) => boolean): AgentTool {
  return defineTool({
    name: SUBMIT_OUTPUT,
    description: `Gives the output of ${wanted.phase} and ends your turn. Call it once, when you are done.`,
    inputSchema: PHASE_OUTPUTS[wanted.phase],
    joins: true,
    summary: () => wanted.phase,
    run: async (output) => {
      const missing = missingIn(wanted, output, hasRun);
      if (missing.length > 0) throw new AppError("app.bad_input", `Not accepted yet:\n${missing.join("\n")}`);
      return await Promise.resolve("Accepted.");
    },
  });
}

/** What VERIFY left out. */
function missingIn(
  { judges }: WantedOutput,
  output: PhaseOutput,
  hasRun: (command: string) => boolean,
): readonly string[] {
  const results = "results" in output ? output.results : [];
  const judged = new Set(results.flatMap((result) => ("criterionId" in result ? result.criterionId : [])));
  return judges.flatMap(({ criterionId, check }) => {
    if (check !== null && !hasRun(check)) return `${criterionId}: run its check with run_command first: ${check}`;
    return judged.has(criterionId) ? [] : `${criterionId} is not in the results`;
  });
}
