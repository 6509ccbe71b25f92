import path from "node:path";
import { ask, type Finding } from "../parts.ts";
import { isWithin } from "../paths.ts";
import { judgeWord, placesOf, type Call, type Judge } from "./call.ts";
import { judgeOperands, type OperandRule } from "./operands.ts";
import { readOptions } from "./options.ts";
import { judgeMaking, judgeOverwrite, overwritten } from "./overwrites.ts";
import { known, lossName, NAME, shown, type Word } from "./words.ts";

/** Folders that tools make again: their loss is no loss. */
const GENERATED =
  /^(node_modules|dist|build|out|output|target|coverage|tmp|temp|venv|obj|htmlcov|__pycache__|logs?|release|debug|results?|test-results|playwright-report|\.(cache|next|nuxt|venv|tox|nox|pytest_cache|mypy_cache|ruff_cache|turbo|parcel-cache|nyc_output|eslintcache|gradle|tmp)|.*\.(egg-info|log|tmp|bak|old|orig|pyc))$/;

export function judgeDeletion(word: Word, call: Call, isRecursive: boolean): Finding[] {
  if (word.text === null) {
    return [
      ask(`what it deletes is known only when it runs: ${word.source}`, { kind: "files", targets: [lossName(word)] }),
    ];
  }
  const { workspace } = call.ground;
  const findings = judgeWord("delete", word, call);
  const everywhere = { ...call.state, folders: [...call.state.folders, ...call.state.doubtful] };
  const whole = placesOf(word, everywhere).filter((place) => isWholeTree(place, { workspace, isRecursive }));
  return [
    ...findings,
    ...whole
      .filter((place) => isWithin(place, workspace))
      .map((place) => shown(known(place)))
      .map((place) => ask(`deletes all of ${place}`, { kind: "files" as const, targets: [place] })),
  ];
}

/** The workspace or one of the projects at its top, by its name or by all that is in it. */
function isWholeTree(place: string, { workspace, isRecursive }: { workspace: string; isRecursive: boolean }): boolean {
  if (isWithin(workspace, place)) return true;
  const name = path.basename(place);
  if (name === NAME) return isWholeTree(path.dirname(place), { workspace, isRecursive });
  return path.dirname(place) === workspace && isRecursive && !GENERATED.test(name);
}

const rm: Judge = (call) => {
  const options = readOptions(call.args);
  const isRecursive = options.has("-r", "-R", "--recursive");
  const findings = options.operands.flatMap((word) => judgeDeletion(word, call, isRecursive));
  if (options.has("--no-preserve-root"))
    findings.push(ask("deletes even the root folder", { kind: "files", targets: ["/"] }));
  return { targets: options.operands.map(shown), findings };
};

const make: Judge = (call) => {
  const { operands } = readOptions(call.args, ["-m", "--mode", "-s", "--size", "-d", "--date", "-t", "-r", "-p"]);
  for (const word of operands) call.makes(word);
  const reference = readOptions(call.args, ["-r", "--reference", "-p"]).values("-r", "--reference", "-p");
  const findings = [...operands, ...reference].flatMap((word) => judgeMaking(word, call));
  return { targets: operands.map(shown), findings };
};

/** Also when it appends: what is written there changes. */
const tee: Judge = (call) => {
  const { operands } = readOptions(call.args);
  for (const word of operands) call.makes(word);
  return { targets: operands.map(shown), findings: operands.flatMap((word) => judgeOverwrite(word, call)) };
};

const truncate: Judge = (call) => {
  const options = readOptions(call.args, ["-s", "--size", "-r", "--reference"]);
  for (const word of options.operands) call.makes(word);
  const findings = [
    ...options.operands.flatMap((word) => judgeOverwrite(word, call)),
    ...options.values("-r", "--reference").flatMap((word) => judgeMaking(word, call)),
  ];
  return { targets: options.operands.map(shown), findings };
};

const chmod: Judge = (call) => {
  const words = call.args.filter(({ text }) => !/^(-[Rvcf]+|--.*)$/.test(text ?? ""));
  const copies = readOptions(call.args).has("--reference");
  const [mode, ...others] = words;
  const files = copies ? words : others;
  const findings = files.flatMap((word) => judgeWord("write", word, call));
  const sets = mode?.text === null || /^[0-7]*[2-7][0-7]{3}$/.test(mode?.text ?? "") || /s/.test(mode?.text ?? "");
  if (sets) findings.push(ask(`gives a file the rights of its owner to whoever runs it: chmod ${mode?.source ?? ""}`));
  return { targets: files.map(shown), findings };
};

const dd: Judge = (call) => {
  const value = (word: Word, name: string): Word[] =>
    word.text?.startsWith(name) ? [known(word.text.slice(name.length))] : [];
  const open = call.args.filter((word) => word.text === null);
  const outputs = call.args.flatMap((word) => value(word, "of="));
  const findings = [
    ...call.args.flatMap((word) => value(word, "if=")).flatMap((word) => judgeWord("read", word, call)),
    ...[...outputs, ...open].flatMap((word) => judgeOverwrite(word, call)),
  ];
  for (const word of outputs) call.makes(word);
  const isDangerous = findings.length > 0 && outputs.length > 0;
  const lost = overwritten(outputs, call.state) ?? outputs.map(shown);
  const overwrites = isDangerous ? [ask("overwrites what it names", { kind: "files", targets: lost })] : [];
  return { targets: outputs.map(shown), findings: [...findings, ...overwrites] };
};

/** The first word may be options without their dash: `tar xf`. */
const tar: Judge = (call) => {
  const [first, ...others] = call.args;
  const args = first?.text && /^[a-zA-Z]+$/.test(first.text) ? [known(`-${first.text}`), ...others] : call.args;
  return judgeOperands({ ...call, args }, TAR);
};

const TAR: OperandRule = {
  access: "work",
  skips: ["--exclude", "--transform", "--strip-components"],
  asks: [
    "--to-command",
    "--checkpoint-action",
    "-I",
    "--use-compress-program",
    "--rsh-command",
    "--rmt-command",
    "-F",
    "--info-script",
    "--new-volume-script",
    "-P",
    "--absolute-names",
    "--remove-files",
  ],
};

export const FILE_JUDGES: Readonly<Record<string, Judge>> = {
  rm,
  rmdir: rm,
  unlink: rm,
  shred: rm,
  touch: make,
  mkdir: make,
  mktemp: make,
  truncate,
  tee,
  chmod,
  dd,
  tar,
};
