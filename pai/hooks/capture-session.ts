import path from "node:path";
import { print, SILENT, type HookExit, type HookPlace } from "./hook.ts";
import { textOf, type HookInput } from "./hook-input.ts";
import { readLastLines, safeName, timeName, writeWhole } from "./memory-files.ts";
import { memoryOf, sessionsFolder, traceFile } from "./memory-layout.ts";
import { describeWork, readOpenWork } from "./open-work.ts";

const SHOWN_WORK = 10;

/**
 * SessionStart: tells the agent what work is open. SessionEnd: writes down what the session did and what is still open.
 * It reads work and never writes it, so that an end of a session cannot make anything look done.
 */
export function captureSession(input: HookInput, place: HookPlace): HookExit {
  return input.event === "SessionEnd" ? writeSummary(input, place) : tellOpenWork(place);
}

function tellOpenWork(place: HookPlace): HookExit {
  const work = readOpenWork(memoryOf(place));
  if (work.length === 0) return SILENT;
  return print(`Open work in your memory, as its files say:\n${describeWork(work, SHOWN_WORK)}`);
}

function writeSummary(input: HookInput, place: HookPlace): HookExit {
  const calls = readLastLines(traceFile(place, input.session));
  const work = readOpenWork(memoryOf(place));
  const file = path.join(sessionsFolder(place), `${timeName(place.now)}_${safeName(input.session)}.md`);
  const failures = calls.filter((call) => call["failed"] === true).length;
  writeWhole(
    file,
    `---
capture_type: SESSION
timestamp: ${place.now.toISOString()}
session_id: ${safeName(input.session)}
agent: ${place.agent}
reason: ${safeName(input.reason)}
auto_captured: true
---

# Session ${safeName(input.session)} of ${place.agent}

First call in the trace: ${textOf(calls[0]?.["timestamp"]) || "none"}

## Calls

${countByTool(calls)}
Failed: ${failures}

## Still open

${work.length === 0 ? "Nothing in the memory says so." : describeWork(work, SHOWN_WORK)}
`,
  );
  return SILENT;
}

function countByTool(calls: readonly Readonly<Record<string, unknown>>[]): string {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const tool = textOf(call["tool_name"]) || "unknown";
    counts.set(tool, (counts.get(tool) ?? 0) + 1);
  }
  return [...counts].map(([tool, count]) => `- ${tool}: ${count}\n`).join("") || "- none\n";
}
