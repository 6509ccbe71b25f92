import path from "node:path";
import { SYSTEM_PROGRAMS } from "../../../contract/permissions.ts";
import { ask, deny, type Finding, type Ground } from "../parts.ts";
import { isWithin } from "../paths.ts";
import { ARRIVAL_JUDGES } from "./arrivals.ts";
import { judgeWord, placesOf, type Call, type Judge, type Judged } from "./call.ts";
import { DATABASE_JUDGES } from "./databases.ts";
import { FILE_JUDGES } from "./files.ts";
import { find } from "./find.ts";
import { git } from "./git.ts";
import { INTERPRETER_JUDGES, judgeScriptFile } from "./interpreters.ts";
import { NETWORK_JUDGES } from "./network.ts";
import { OPERAND_RULES, WORK } from "./operand-rules.ts";
import { judgeAnyWords, judgeOperands } from "./operands.ts";
import { PACKAGE_JUDGES } from "./packages.ts";
import { report, type Scene } from "./scene.ts";
import { SCRIPT_JUDGES } from "./scripts.ts";
import type { Input, State } from "./state.ts";
import { SYSTEM_JUDGES } from "./system.ts";
import { known, NAME, shown, type Word } from "./words.ts";
import { WRAPPER_JUDGES } from "./wrappers.ts";

/** The linker's way to run a program, and compilers that may be told to run others. */
const COMPILERS = ["gcc", "g++", "cc", "c++", "clang", "clang++", "cpp", "gfortran", "ld", "as"];

const compile: Judge = (call) => {
  const odd = call.args.filter(({ text }) => /^(@|-(wrapper|fplugin|specs|B|dumpspecs|Xclang|load))/.test(text ?? ""));
  const { targets, findings } = judgeOperands(call, WORK);
  return {
    targets,
    findings: [...findings, ...odd.map((word) => ask(`${call.program} ${shown(word)} can run programs`))],
  };
};

/** Only jobs of its own: their numbers are never written out. */
const kill: Judge = ({ args }) => {
  const odd = args.filter(
    ({ text }, at) => !(text?.startsWith("%") || text === NAME || (at === 0 && /^-[A-Z\d]+$|^-l$/.test(text ?? ""))),
  );
  return { findings: odd.map((word) => ask(`kill ${word.source} may end a process that it did not start`)) };
};

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...Object.entries(FILE_JUDGES),
  ...Object.entries(ARRIVAL_JUDGES),
  ...Object.entries(SCRIPT_JUDGES),
  ...Object.entries(INTERPRETER_JUDGES),
  ...Object.entries(WRAPPER_JUDGES),
  ...Object.entries(PACKAGE_JUDGES),
  ...Object.entries(NETWORK_JUDGES),
  ...Object.entries(DATABASE_JUDGES),
  ...Object.entries(SYSTEM_JUDGES),
  ...COMPILERS.map((name): [string, Judge] => [name, compile]),
  ["find", find],
  ["git", git],
  ["kill", kill],
]);

/** Programs that are followed into all they destroy: whose words say it, or that run what is looked at in turn. */
export const FOLLOWED_PROGRAMS: readonly string[] = [
  ...Object.keys(FILE_JUDGES),
  ...Object.keys(ARRIVAL_JUDGES),
  ...Object.keys(SCRIPT_JUDGES),
  ...Object.keys(WRAPPER_JUDGES),
  ...Object.keys(DATABASE_JUDGES),
  ...Object.keys(SYSTEM_JUDGES),
  ...OPERAND_RULES.keys(),
  "bash",
  "sh",
  "dash",
  "find",
  "git",
  "kill",
];

/** These write where they are called, whatever their words say. */
const WORKS_HERE: ReadonlySet<string> = new Set([
  ...Object.keys(PACKAGE_JUDGES),
  ...Object.keys(INTERPRETER_JUDGES),
  ...COMPILERS,
  "curl",
  "git",
  "tar",
  "wget",
]);

export interface Place {
  readonly state: State;
  readonly input: Input;
}

/** Judges one program with its words, and what it runs in turn, into the scene. */
export function judgeProgram(argv: readonly Word[], place: Place, scene: Scene): void {
  const [name, ...args] = argv;
  if (name === undefined) return;
  if (scene.depth > MOST_DEPTH) return report(scene, null, [ask("it runs programs through too many others to follow")]);
  if (name.text === null || /[\uE000\uE001]/.test(name.text)) {
    return report(scene, null, [ask(`which program runs is known only when it runs: ${name.source}`)]);
  }
  const call = createCall(name.text, args, { place, scene });
  if (name.text.includes("/") && !isInstalled(name.text))
    return addPart(scene, path.basename(name.text), ownProgram(name, call));
  const program = path.basename(name.text);
  const judged = judgeListed({ ...call, program });
  addPart(scene, program, { ...judged, findings: [...judgeName(program, scene.ground), ...judged.findings] });
}

const MOST_DEPTH = 12;

function judgeListed(call: Call): Judged {
  const judge = JUDGES.get(call.program.startsWith("mkfs.") ? "mkfs" : call.program);
  const rule = OPERAND_RULES.get(call.program) ?? WORK;
  const judged = judge ? judge(call) : judgeOperands(call, rule);
  if (judge ? !WORKS_HERE.has(call.program) : rule.access !== "work") return judged;
  return { ...judged, findings: [...judged.findings, ...judgeWord("write", known("."), call)] };
}

function judgeName(program: string, { rules }: Ground): Finding[] {
  if (rules.programs.includes(program)) return [];
  const { programs } = rules.asks;
  const isSystem = SYSTEM_PROGRAMS.includes(program) || program.startsWith("mkfs.");
  if (isSystem && programs !== "system") {
    return [
      deny(`${program} acts on the whole server, which level "${rules.name}" does only through tools of its own`),
    ];
  }
  const complaint = `${program} is not a program of level "${rules.name}"`;
  return [programs === "none" ? deny(complaint) : ask(complaint)];
}

function isInstalled(file: string): boolean {
  return /^\/(usr\/(local\/)?)?s?bin\/[^/]+$/.test(file);
}

/** A program of the workspace runs in the sandbox like any other; its words may not lead out. */
function ownProgram(name: Word, call: Call): Judged {
  const findings = [...judgeScriptFile(name, call), ...judgeAnyWords(call.args, call)];
  const isTool = placesOf(name, call.state).some((place) => isWithin(place, "/usr") || isWithin(place, "/lib64"));
  return {
    targets: [shown(name)],
    findings: isTool ? [...findings, ask(`${shown(name)} is no plain program`)] : findings,
  };
}

function createCall(program: string, args: readonly Word[], { place, scene }: { place: Place; scene: Scene }): Call {
  const { state, input } = place;
  const deeper = { ...scene, depth: scene.depth + 1 };
  return {
    program,
    args,
    state,
    input,
    ground: scene.ground,
    run: (argv, other = place) => judgeProgram(argv, other, deeper),
    script: (text) => {
      deeper.walker.text(text, { ...state, variables: new Map(), input: { from: "nowhere" } }, deeper);
    },
    makes: (file) => addPlaces(scene.made, file, state),
    runs: (file) => addPlaces(scene.ran, file, state),
  };
}

function addPlaces(places: Set<string>, file: Word, state: State): void {
  for (const place of placesOf(file, state)) places.add(place);
}

function addPart(scene: Scene, program: string, { verb, targets, findings }: Judged): void {
  scene.parts.push({ program, verb: verb ?? null, targets: targets ?? [], findings });
}
