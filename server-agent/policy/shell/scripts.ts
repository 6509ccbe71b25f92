import { ask, type Finding } from "../parts.ts";
import { judgeWord, type Judge } from "./call.ts";
import { judgeOperand } from "./operands.ts";
import { readOptions } from "./options.ts";
import { judgeOverwrite } from "./overwrites.ts";
import { shown, type Word } from "./words.ts";

/** Commands of sed that only edit: none that runs a program (`e`) or names a file (`r`, `w`). */
const ADDRESS = String.raw`(?:\d+(?:~\d+)?|\$|\/(?:[^\/\\\n]|\\.)*\/I?)`;
const SUBSTITUTE = String.raw`s([^\w\s\\])(?:\\.|(?!\1)[^\\\n])*\1(?:\\.|\\\n|(?!\1)[^\\\n])*\1[gpiI\d]*`;
const TRANSLATE = String.raw`y\/(?:[^\/\\\n]|\\.)*\/(?:[^\/\\\n]|\\.)*\/`;
const TEXT = String.raw`[aic]\s*(?:\\\n?)?[^\n]*`;
const SED_COMMAND = new RegExp(
  String.raw`^\s*(?:${ADDRESS}(?:,\s*(?:${ADDRESS}|[+~]\d+))?)?\s*!?\s*(?:\{|\}|${SUBSTITUTE}|${TRANSLATE}|${TEXT}|[bt:]\s*\w*|[dDgGhHlnNpPqQxz=]\d*)?\s*(?:[;\n}]|$)`,
);

export function isPlainSed(script: string): boolean {
  let rest = script;
  while (rest !== "") {
    const match = SED_COMMAND.exec(rest)?.[0];
    if (match === undefined || match === "") return false;
    rest = rest.slice(match.length);
  }
  return true;
}

/** No other program, no other file, no other source: what is left of awk only looks at its input. */
export function isPlainAwk(program: string): boolean {
  if (/system|getline|ENVIRON|@|\bclose\b|fflush|ARGV|PROCINFO/.test(program)) return false;
  if (program.replaceAll("||", "").includes("|")) return false;
  return !/\bprintf?\b[^;}\n]*>/.test(program.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
}

const sed: Judge = (call) => {
  const takesValue = ["-e", "--expression", "-f", "--file", "-l"];
  const options = readOptions(call.args.map(withoutSuffix), takesValue);
  const given = options.values("-e", "--expression");
  const fromFile = options.has("-f", "--file");
  const [first, ...others] = options.operands;
  const isFirst = given.length === 0 && !fromFile;
  const scripts = isFirst && first ? [first] : given;
  const files = isFirst ? others : options.operands;
  const inPlace = options.has("-i", "--in-place");
  const findings = [
    ...scripts.flatMap((script) => opaque(script, "sed", isPlainSed)),
    ...(fromFile ? [ask("sed -f runs commands from a file")] : []),
    ...files.flatMap((word) => (inPlace ? judgeOverwrite(word, call) : judgeWord("read", word, call))),
  ];
  if (inPlace) for (const word of files) call.makes(word);
  return { targets: files.map(shown), findings };
};

/** `-i.bak` names an ending, not more options. */
function withoutSuffix(word: Word): Word {
  return word.text?.startsWith("-i") ? { ...word, text: "-i" } : word;
}

const awk: Judge = (call) => {
  const options = readOptions(call.args, ["-F", "-v", "--field-separator", "--assign"]);
  const [program, ...files] = options.operands;
  const reach = [
    "-f",
    "--file",
    "-i",
    "--include",
    "-l",
    "--load",
    "-E",
    "--exec",
    "-D",
    "--debug",
    "-o",
    "-d",
    "-p",
    "-W",
  ];
  const findings = reach
    .filter((name) => options.has(name))
    .map((name) => ask(`awk ${name} loads or writes other files`));
  const operands = files.filter((word) => !/^\w+=/.test(word.text ?? ""));
  return {
    targets: operands.map(shown),
    findings: [
      ...findings,
      ...(program ? opaque(program, "awk", isPlainAwk) : []),
      ...operands.flatMap((word) => judgeWord("read", word, call)),
    ],
  };
};

/** `yq` and `jq` only read, but for their options; `yq -i` writes. */
const yq: Judge = (call) => {
  const options = readOptions(call.args);
  const [, ...files] = options.operands;
  const reach = ["-f", "--from-file", "--split-exp", "-s", "--split-exp-file"].filter((name) => options.has(name));
  return {
    targets: files.map(shown),
    findings: [
      ...reach.map((name) => ask(`yq ${name} reaches other files`)),
      ...files.flatMap((word) => judgeOperand(word, call)),
    ],
  };
};

function opaque(script: Word, program: string, isPlain: (text: string) => boolean): Finding[] {
  if (script.text === null) return [ask(`what ${program} does is known only when it runs: ${script.source}`)];
  return isPlain(script.text) ? [] : [ask(`${program} may run programs or write files: ${shown(script)}`)];
}

export const SCRIPT_JUDGES: Readonly<Record<string, Judge>> = { sed, awk, gawk: awk, mawk: awk, yq };
