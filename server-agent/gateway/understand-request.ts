import { AgentName, SPECIALISTS } from "../../contract/agents.ts";
import { maskQuotes, plainText as plain, restoreQuotes as restore } from "./quoted-words.ts";
import { type RootRequest, understandRootWork } from "./understand-root-work.ts";
import { SPECIALIST_OF, type ToolUse, understandToolUse } from "./understand-tool-use.ts";
import { commandThatRuns, programThatPrints } from "./written-program.ts";

/** The plain requests of docs/simulated-model.md, each with the words it came from. */
export type Step = {
  readonly words: string;
  /** At the same time as the step before it. */
  readonly meanwhile?: boolean;
} & (
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "list"; readonly path: string }
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "root"; readonly request: RootRequest }
  | { readonly kind: "use"; readonly use: ToolUse }
  | { readonly kind: "delegate"; readonly agent: AgentName; readonly request: string; readonly repository?: string }
  | { readonly kind: "ask"; readonly action: string }
  | { readonly kind: "algorithm"; readonly request: string }
  | { readonly kind: "fail_once" }
  | { readonly kind: "repeat"; readonly command: string; readonly times: number }
  | { readonly kind: "think"; readonly seconds: number }
  | { readonly kind: "stream"; readonly characters: number; readonly slowly: boolean }
  | { readonly kind: "unknown" }
);

/**
 * Reads a request as steps joined by "then" or "meanwhile". Quoted text is never split. What comes after a part that is
 * not understood is left out: it may build on it.
 */
export function understandRequest(given: string): Step[] {
  const request = given.replace(RUN_CONTEXT, "");
  const whole = ALGORITHM.exec(request.trim());
  if (whole?.[1]) return [{ kind: "algorithm", words: request.trim(), request: whole[1] }];
  const { masked, quotes } = maskQuotes(request);
  const steps: Step[] = [];
  const parts = masked.split(JOINED);
  for (const [index, part] of parts.entries()) {
    const words = restore(part, quotes).trim();
    if (words === "" || index % 2 === 1) continue;
    const step = understandStep(words, { masked: cleaned(part), quotes, lastPath: lastPathOf(steps) });
    const isParallel = parts[index - 1]?.toLowerCase() === "meanwhile";
    steps.push(isParallel ? { ...step, meanwhile: true } : step);
    if (step.kind === "unknown") break;
  }
  return steps;
}

interface Reading {
  readonly masked: string;
  readonly quotes: readonly string[];
  readonly lastPath: string | null;
}

/** Takes the whole rest: what is to be done has steps of its own. */
const ALGORITHM = /^(?:please )?use the algorithm to (.+)$/is;
/** What a step of a run is told besides the step. */
const RUN_CONTEXT = /\n\n<(?:results_before|sent_back)[\s\S]*$/;
/** Gives the parts with the words between them. */
const JOINED = /\s*[,;.]?\s*\b(?:and\s+)?(then|meanwhile)\b[,:]?\s+/i;
const AGENTS = AgentName.options.join("|");
const MAX_STREAM_CHARACTERS = 200_000;
const MAX_THINK_SECONDS = 120;

const DELEGATE = new RegExp(
  `^(?:ask|have|let|get|tell) (?:the )?(${AGENTS})(?: agent| specialist)?(?: to)? (.+)$`,
  "is",
);
const DELEGATE_TO = new RegExp(
  `^delegate (?:this )?to (?:the )?(${AGENTS})(?: agent| specialist)?\\s*:?(?: to)? ?(.+)$`,
  "is",
);
const IN_WORKTREE = /^(.+) in a worktree of (?:the repository )?(\S+)$/is;
const APPROVAL = /^ask (?:me |a person )?for (?:approval|permission)(?: to (.+))?$/is;
const FAIL_ONCE = /^fail (?:a|one|the) check once$/i;
const REPEAT = /^repeat (.+?) (\d{1,2}) times$/is;
const THINK = /^think (?:long|hard|carefully)?(?:\s*for (\d+) seconds?)?$/i;
const STREAM = /^stream (?:a )?long(?: text)?(?: (\d+))?(?: characters)?( slowly)?$/i;
const WRITE_INTO = /^(?:write|save|put) (\uE000\d+\uE000) (?:to|into|in) (?:the |a )?(?:new )?(?:file )?(\S+)$/i;
const WRITE =
  /^(?:write|create|make|save) (?:a |the )?(?:new )?(?:file )?(?:called |named )?(\S+?):?(?:,? (?:with|containing|saying)(?: the)?(?: (?:text|contents?|words?|line))?:? ([\s\S]+))?$/i;
const WRITE_PROGRAM =
  /^(?:write|create|make) (?:a |the )?(?:new )?(?:file |program |script )?(?:called |named )?(\S+?),? (?:that|which|to) prints? ([\s\S]+)$/i;
const LIST =
  /^(?:list|show)(?: me)?(?: all)?(?: the)? (?:files|folder|directory|workspace)(?: (?:in|of|under) (?:the )?(\S+))?$/i;
const READ =
  /^(?:read|show|open|display|print)(?: me)? (?:the )?(?:contents? of )?(?:the )?(?:file )?(it|\uE000\d+\uE000|\S*[./]\S*|(?<=file )\S+)$/i;
const RUN_IT = /^(?:run|execute) (?:it|(?:the|that) (?:file|program|script))$/i;
const RUN = /^(?:run|execute) (?:the )?(?:command )?:?\s*(.+)$/is;

function understandStep(words: string, reading: Reading): Step {
  return (
    talkingStep(words, reading) ?? rootStep(words, reading) ?? workingStep(words, reading) ?? { kind: "unknown", words }
  );
}

function talkingStep(words: string, { masked, quotes }: Reading): Step | null {
  const approval = APPROVAL.exec(masked);
  if (approval) return { kind: "ask", words, action: restore(approval[1] ?? "go on", quotes) };
  const delegated = DELEGATE.exec(masked) ?? DELEGATE_TO.exec(masked);
  if (delegated?.[1] && delegated[2]) {
    const agent = AgentName.parse(delegated[1].toLowerCase());
    const [, work = delegated[2], repository] = IN_WORKTREE.exec(delegated[2]) ?? [];
    const request = plain(work, quotes);
    return { kind: "delegate", words, agent, request, ...(repository && { repository: plain(repository, quotes) }) };
  }
  if (FAIL_ONCE.test(masked)) return { kind: "fail_once", words };
  const think = THINK.exec(masked);
  if (think) return { kind: "think", words, seconds: Math.min(Number(think[1] ?? 3), MAX_THINK_SECONDS) };
  const stream = STREAM.exec(masked);
  if (!stream) return null;
  const characters = Math.min(Number(stream[1] ?? 2000), MAX_STREAM_CHARACTERS);
  return { kind: "stream", words, characters, slowly: stream[2] !== undefined };
}

function rootStep(words: string, { masked, quotes }: Reading): Step | null {
  const request = understandRootWork(restore(masked, quotes));
  return request && { kind: "root", words, request };
}

function workingStep(words: string, { masked, quotes, lastPath }: Reading): Step | null {
  const use = understandToolUse(masked, quotes);
  if (use) return { kind: "use", words, use };
  const into = WRITE_INTO.exec(masked);
  if (into?.[1] && into[2]) return { kind: "write", words, path: plain(into[2], quotes), text: plain(into[1], quotes) };
  const list = LIST.exec(masked);
  if (list) return { kind: "list", words, path: list[1] && list[1] !== "workspace" ? plain(list[1], quotes) : "." };
  const read = READ.exec(masked);
  if (read?.[1] === "it") return lastPath === null ? null : { kind: "read", words: `read ${lastPath}`, path: lastPath };
  if (read?.[1]) return { kind: "read", words, path: plain(read[1], quotes) };
  const repeat = REPEAT.exec(masked);
  if (repeat?.[1]) return { kind: "repeat", words, command: plain(repeat[1], quotes), times: Number(repeat[2]) };
  if (RUN_IT.test(masked)) return runStep(lastPath);
  const run = RUN.exec(masked);
  if (run?.[1]) return { kind: "run", words, command: plain(run[1], quotes) };
  const program = WRITE_PROGRAM.exec(masked);
  if (program?.[1] && program[2]) return programStep(words, plain(program[1], quotes), plain(program[2], quotes));
  const write = WRITE.exec(masked);
  if (write?.[1] && /[./\uE000]/.test(write[1])) {
    return { kind: "write", words, path: plain(write[1], quotes), text: plain(write[2] ?? "", quotes) };
  }
  return null;
}

function runStep(path: string | null): Step | null {
  const command = path === null ? null : commandThatRuns(path);
  return command === null ? null : { kind: "run", words: `run ${command}`, command };
}

function programStep(words: string, path: string, printed: string): Step | null {
  const text = programThatPrints(path, printed);
  return text === null ? null : { kind: "write", words, path, text };
}

function lastPathOf(steps: readonly Step[]): string | null {
  for (const step of steps.toReversed()) {
    if (step.kind === "write" || step.kind === "read") return step.path;
    if (step.kind === "delegate") return lastPathOf(understandRequest(step.request));
    if (step.kind === "use" && step.use.tool === "edit_file") return String(step.use.input["path"]);
  }
  return null;
}

/** Without the courtesy before and the full stop after. */
function cleaned(part: string): string {
  return part
    .trim()
    .replace(/^(?:please|now|and|could you|can you)[, ]+/i, "")
    .replace(/(?<=[^\s.])[.!?]$/, "");
}

type Specialist = (typeof SPECIALISTS)[number];

/** Who on the team does a step that the supervisor does not do itself; null when it does. */
export function specialistFor(step: Step): Specialist | null {
  if (step.kind === "delegate") return SPECIALISTS.find((name) => name === step.agent) ?? null;
  if (step.kind === "fail_once") return "qa";
  if (step.kind === "write" || step.kind === "read" || step.kind === "list" || step.kind === "repeat") return "code";
  // What specialists did is brought together by the one who gave it to them.
  if (step.kind === "use" && step.use.input["action"] === "merge") return null;
  if (step.kind === "use") return SPECIALIST_OF[step.use.tool] ?? null;
  if (step.kind === "root") return step.request.tool === "run_as_root" ? null : "infra";
  if (step.kind === "run") return FIELDS.find(([, words]) => words.test(step.command))?.[0] ?? "code";
  return null;
}

const FIELDS: readonly (readonly [Specialist, RegExp])[] = [
  ["data", /\b(?:psql|sqlite3?|sql|select)\b/i],
  ["infra", /\b(?:docker|nginx|systemctl|certbot|ufw)\b/i],
  ["research", /\b(?:search|grep|rg|find)\b/i],
  ["qa", /\b(?:tests?|check|lint|pytest|vitest)\b/i],
];
