import { createHash } from "node:crypto";
import path from "node:path";
import { SILENT, type HookExit, type HookPlace } from "./hook.ts";
import { isRecord, textOf, type HookInput } from "./hook-input.ts";
import { namesIn, readLastLines, safeName, timeName, writeWhole } from "./memory-files.ts";
import { learningFolder, memoryOf, PHASES, type Phase } from "./memory-layout.ts";
import { readOpenWork } from "./open-work.ts";
import { hideSecrets } from "./secret-shapes.ts";

export interface Learning {
  readonly text: string;
  /** Null when the words do not name one. */
  readonly phase: Phase | null;
}

/** Stop, SubagentStop: keeps what the agent's last words call a learning, under the phase they name or the work is in. */
export function captureLearning(input: HookInput, place: HookPlace): HookExit {
  const words = input.lastAssistantMessage || lastWordsIn(input.transcriptPath);
  const learnings = findLearnings(words);
  if (learnings.length === 0) return SILENT;
  const current = currentPhase(place);
  for (const { text, phase } of learnings) keep({ text: hideSecrets(text), phase: phase ?? current }, input, place);
  return SILENT;
}

const PHASE_NAMES = PHASES.join("|");
const LINE = new RegExp(
  `^[ \\t>*_-]*(?:Learning|Learned|Lesson)\\b[ \\t*_]*(?:\\((${PHASE_NAMES})\\))?[ \\t*_]*:[ \\t*_]*(.+)$`,
  "gim",
);
const MAX_LEARNINGS = 10;
const MAX_CHARACTERS = 2_000;

/** Lines such as `Learning: …` or `- **Learning (VERIFY):** …`. */
export function findLearnings(words: string): readonly Learning[] {
  return [...words.matchAll(LINE)].slice(0, MAX_LEARNINGS).flatMap(([, phase, text = ""]) => {
    const kept = text.trim().slice(0, MAX_CHARACTERS);
    return kept === "" ? [] : [{ text: kept, phase: phaseNamed(phase ?? "") }];
  });
}

function phaseNamed(name: string): Phase | null {
  return PHASES.find((phase) => phase === name.toUpperCase()) ?? null;
}

function currentPhase(place: HookPlace): Phase {
  return phaseNamed(readOpenWork(memoryOf(place))[0]?.phase ?? "") ?? "LEARN";
}

function keep(
  { text, phase }: { readonly text: string; readonly phase: Phase },
  input: HookInput,
  place: HookPlace,
): void {
  const folder = learningFolder(place, phase);
  const mark = createHash("sha256").update(text).digest("hex").slice(0, 10);
  if (namesIn(folder).some((name) => name.endsWith(`_${mark}.md`))) return;
  const slug = safeName(text.toLowerCase()).slice(0, 40);
  writeWhole(
    path.join(folder, `${timeName(place.now)}_LEARNING_${slug}_${mark}.md`),
    `---
capture_type: LEARNING
timestamp: ${place.now.toISOString()}
phase: ${phase}
session_id: ${safeName(input.session)}
agent: ${place.agent}
source: ${input.event}
auto_captured: true
---

${text}
`,
  );
}

/** Of the newest reply in a transcript. */
function lastWordsIn(transcript: string): string {
  if (transcript === "") return "";
  const last = readLastLines(transcript).findLast((line) => line["type"] === "assistant");
  const message = last?.["message"];
  const content = isRecord(message) ? message["content"] : "";
  if (!Array.isArray(content)) return textOf(content);
  return content.map((block: unknown) => (isRecord(block) ? textOf(block["text"]) : "")).join("\n");
}
