import path from "node:path";
import { print, type HookExit, type HookPlace } from "./hook.ts";
import { textOf, type HookInput } from "./hook-input.ts";
import { readLastLines, timeName, writeWhole } from "./memory-files.ts";
import { checkpointFolder, memoryOf, traceFile } from "./memory-layout.ts";
import { describeWork, readOpenWork } from "./open-work.ts";

const SHOWN_CALLS = 20;
const SHOWN_WORK = 10;

/** PreCompact: a checkpoint of where the work stands, kept as a file and told to whoever writes the summary. */
export function beforeCompact(input: HookInput, place: HookPlace): HookExit {
  const work = describeWork(readOpenWork(memoryOf(place)), SHOWN_WORK) || "- nothing in the memory";
  const calls = readLastLines(traceFile(place, input.session)).slice(-SHOWN_CALLS).map(describeCall);
  const text = `# Checkpoint before compaction

Time: ${place.now.toISOString()}
Trigger: ${input.trigger || "unknown"}
Transcript: ${input.transcriptPath || "none"}

## Open work

${work}

## Latest calls

${calls.join("\n") || "- none"}
`;
  writeWhole(path.join(checkpointFolder(place, input.session), `${timeName(place.now)}.md`), text);
  return print(text);
}

function describeCall(call: Readonly<Record<string, unknown>>): string {
  const failed = call["failed"] === true ? " (failed)" : "";
  return `- ${textOf(call["tool_name"])}${failed}: ${textOf(call["tool_input_preview"]).slice(0, 120)}`;
}
