import path from "node:path";
import { ask, type Finding } from "../parts.ts";
import { judgeWord, type Call, type Judge } from "./call.ts";
import { judgeOverwrite } from "./overwrites.ts";
import { CHOSEN, known, lossName, NAME, shown, unknown, type Word } from "./words.ts";

const RUNS = ["-exec", "-execdir", "-ok", "-okdir"];
const WRITES = ["-fprint", "-fprint0", "-fprintf", "-fls"];
/** Without one of these, or with alternatives, `-delete` empties the whole folder. */
const CHOOSES = ["-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-iregex"];
const ALTERNATIVES = ["-o", "-or", ",", "!", "-not"];
const TAKES_TEXT = [
  "-name",
  "-iname",
  "-path",
  "-ipath",
  "-regex",
  "-type",
  "-maxdepth",
  "-mindepth",
  "-mtime",
  "-size",
];

/** Also judges what it runs, once, with a file below its folders in place of `{}`. */
export const find: Judge = (call) => {
  const flags = call.args.findIndex(({ text }) => !/^-([HLP]|O\d?)$/.test(text ?? ""));
  const args = call.args.slice(flags === -1 ? call.args.length : flags);
  const begin = args.findIndex(({ text }) => text === null || /^[-(!]/.test(text));
  const roots = begin === 0 || args.length === 0 ? [known(".")] : args.slice(0, begin === -1 ? undefined : begin);
  const tests = begin === -1 ? [] : args.slice(begin);
  const findings: Finding[] = [
    ...roots.flatMap((word) => judgeWord("read", word, call)),
    ...judgeTests(tests, roots, call),
    ...unknownTests(tests),
  ];
  return { targets: roots.map(shown), findings };
};

function judgeTests(tests: readonly Word[], roots: readonly Word[], call: Call): Finding[] {
  const findings: Finding[] = [];
  for (const [at, { text }] of tests.entries()) {
    if (text === null) continue;
    if (text === "-delete") findings.push(...judgeDelete(tests, roots, call));
    if (text === "-files0-from") findings.push(ask("find reads its folders from a file"));
    const file = tests[at + 1] ?? unknown("nothing");
    if (WRITES.includes(text)) findings.push(...judgeOverwrite(file, call));
    if (RUNS.includes(text)) {
      runEach(tests.slice(at + 1), { roots, call, isInFolder: text.endsWith("dir"), choosesSome: choosesSome(tests) });
    }
  }
  return findings;
}

function judgeDelete(tests: readonly Word[], roots: readonly Word[], call: Call): Finding[] {
  const findings = roots.flatMap((word) => judgeWord("delete", word, call));
  if (choosesSome(tests)) return findings;
  const targets = roots.map(lossName);
  return [...findings, ask(`deletes all of ${targets.join(", ")}`, { kind: "files", targets })];
}

function choosesSome(tests: readonly Word[]): boolean {
  if (tests.some(({ text }) => ALTERNATIVES.includes(text ?? ""))) return false;
  return tests.some(({ text }, at) => CHOOSES.includes(text ?? "") && /\w/.test(tests[at + 1]?.text ?? ""));
}

interface Each {
  readonly roots: readonly Word[];
  readonly call: Call;
  readonly isInFolder: boolean;
  readonly choosesSome: boolean;
}

function runEach(words: readonly Word[], { roots, call, isInFolder, choosesSome }: Each): void {
  const end = words.findIndex(({ text }) => text === ";" || text === "+");
  const argv = end === -1 ? words : words.slice(0, end);
  const name = choosesSome ? CHOSEN : NAME;
  for (const root of roots) {
    const { text } = root;
    const found = text === null ? unknown("{}") : known(isInFolder ? `./${name}` : `${text}/${name}`, "{}");
    const inside = call.state.folders.map((folder) =>
      folder === null || text === null ? null : path.resolve(folder, text),
    );
    const state = { ...call.state, folders: isInFolder ? inside : call.state.folders };
    call.run(
      argv.map((word) => filled(word, found)),
      { state, input: { from: "nowhere" } },
    );
  }
}

/** Within a longer word the name becomes part of a text, such as of a script: then it cannot be known. */
function filled(word: Word, found: Word): Word {
  if (word.text === "{}") return found;
  return word.text?.includes("{}") ? unknown(word.source) : word;
}

function unknownTests(tests: readonly Word[]): Finding[] {
  const words = tests.filter(({ text }, at) => text === null && !TAKES_TEXT.includes(tests[at - 1]?.text ?? ""));
  return words.map((word) => ask(`what find does is known only when it runs: ${word.source}`));
}
