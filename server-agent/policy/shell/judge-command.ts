import { parse } from "unbash";
import { ask, askPerson, part, type Finding, type Ground, type Part } from "../parts.ts";
import { countAssignments } from "./assignments.ts";
import { RUN_BY_TOOLS } from "./packages.ts";
import { judgeProgram } from "./judge-program.ts";
import { report, type Scene, type Walker } from "./scene.ts";
import { runArgv } from "./simple-command.ts";
import { straight, type State } from "./state.ts";
import { walkNode, walkScript } from "./walk.ts";
import { known } from "./words.ts";

const LONGEST = 100_000;

const WALKER: Walker = {
  node: walkNode,
  script: walkScript,
  text: (text, state, scene) => {
    const refused = refuseText(text);
    if (refused === null) return walkScript(parse(text), state, scene);
    report(scene, null, [refused]);
    return straight(state);
  },
  argv: runArgv,
};

/** Everything that a shell command would do, part by part, judged. Runs nothing and never throws. */
export function judgeCommand(command: string, ground: Ground): Part[] {
  return gather(command, ground, (scene, state) => {
    scene.walker.text(command, state, scene);
  });
}

/** The same for a program and its words, without a shell between. `folder` is absolute. */
export function judgeArgv(argv: readonly string[], ground: Ground, folder = ground.folder): Part[] {
  return gather("", ground, (scene, state) => {
    judgeProgram(
      argv.map((text) => known(text)),
      { state: { ...state, folders: [folder] }, input: { from: "nowhere" } },
      scene,
    );
  });
}

/** What is nested beyond all measure ends the stack of the parser: then a person is asked. */
function gather(text: string, ground: Ground, walk: (scene: Scene, state: State) => void): Part[] {
  const parts: Part[] = [];
  try {
    const scene = createScene(text, ground, parts);
    walk(scene, { variables: new Map(), folders: [ground.folder], doubtful: [], input: { from: "nowhere" } });
    report(scene, null, judgeFreshFiles(scene));
  } catch (error) {
    const reason = `it could not be judged: ${error instanceof Error ? error.message : String(error)}`;
    parts.push(part({}, [askPerson(reason)]));
  }
  return parts;
}

function createScene(text: string, ground: Ground, parts: Part[]): Scene {
  return {
    ground,
    parts,
    functions: new Map(),
    made: new Set(),
    ran: new Set(),
    assignments: text === "" || refuseText(text) !== null ? new Map() : countAssignments(parse(text)),
    mentions: (word) => new RegExp(`\\b${word}\\b`).test(text),
    budget: { steps: 0 },
    depth: 0,
    walker: WALKER,
  };
}

function refuseText(text: string): Finding | null {
  if (text.length > LONGEST) return ask("it is too long to judge");
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x08\x0b-\x1f\x7f\uE000-\uF8FF]/.test(text)) return ask("it holds characters that cannot be seen");
  return null;
}

/** What a command writes and then runs was never looked at. */
function judgeFreshFiles({ made, ran, parts }: Scene): Finding[] {
  const both = [...ran].filter((file) => made.has(file));
  const builds = parts.some(({ program }) => TOOLS_THAT_READ.includes(program ?? ""));
  const steered = builds ? [...made].filter((file) => RUN_BY_TOOLS.test(file)) : [];
  return [...both, ...steered].map((file) => ask(`writes ${file} and then runs what is in it`));
}

const TOOLS_THAT_READ = [
  "make",
  "npm",
  "pnpm",
  "yarn",
  "bun",
  "cargo",
  "pytest",
  "cmake",
  "ninja",
  "rake",
  "bundle",
  "mvn",
  "gradle",
  "pip",
  "vitest",
  "jest",
  "tox",
  "npx",
  "go",
];
