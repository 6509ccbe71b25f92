import { ask, type Finding } from "../parts.ts";
import type { Call, Judge } from "./call.ts";
import { readOptions } from "./options.ts";
import { judgeMaking } from "./overwrites.ts";
import { judgeVariable } from "./variables.ts";
import { CHOSEN, known, LISTED, shown, unknown, type Word } from "./words.ts";

/** How a program that runs another is called: its options, then its own operands, then the other program. */
interface Wrapper {
  readonly flags: RegExp;
  /** Options followed by a value. */
  readonly takesValue: readonly string[];
  readonly operands: number;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  timeout: {
    flags: /^--?(foreground|preserve-status|verbose|v)$/,
    takesValue: ["-k", "--kill-after", "-s", "--signal"],
    operands: 1,
  },
  nice: { flags: /^-\d+$/, takesValue: ["-n", "--adjustment"], operands: 0 },
  nohup: { flags: /^$/, takesValue: [], operands: 0 },
  setsid: { flags: /^(-[cfw]+|--(ctty|fork|wait))$/, takesValue: [], operands: 0 },
  stdbuf: { flags: /^-[ioe][L\d]+$/, takesValue: ["-i", "-o", "-e"], operands: 0 },
  time: { flags: /^(-[pv]+|--(portability|verbose))$/, takesValue: [], operands: 0 },
  ionice: { flags: /^-[c][0-3]$/, takesValue: ["-c", "-n"], operands: 0 },
  sudo: { flags: /^(-[EHnkbiSs]+|--)$/, takesValue: ["-u", "-g"], operands: 0 },
  doas: { flags: /^-[ns]+$/, takesValue: ["-u"], operands: 0 },
  runuser: { flags: /^--$/, takesValue: ["-u", "--user", "-g", "--group", "-G", "--supp-group"], operands: 0 },
  chroot: { flags: /^$/, takesValue: [], operands: 1 },
  unshare: { flags: /^--?[\w-]+$/, takesValue: [], operands: 0 },
  nsenter: { flags: /^--?[\w-]+$/, takesValue: ["-t"], operands: 0 },
  "systemd-run": { flags: /^--?[\w-]+(=.*)?$/, takesValue: ["-p", "-u"], operands: 0 },
  busybox: { flags: /^$/, takesValue: [], operands: 0 },
};

function wrapper(name: string, rules: Wrapper): Judge {
  return (call) => {
    const start = skipOptions(call.args, rules);
    if (start === null) return { findings: [ask(`${name} is called with options that hide what it runs`)] };
    const inner = call.args.slice(start + rules.operands);
    if (inner.length > 0) call.run(inner);
    return { findings: [] };
  };
}

/** Where the options end; null when one is not known. */
function skipOptions(args: readonly Word[], { flags, takesValue }: Wrapper): number | null {
  let at = 0;
  while (at < args.length) {
    const text = args[at]?.text ?? null;
    if (text === null || !text.startsWith("-") || text === "-") return text === "-" ? null : at;
    if (text === "--") return at + 1;
    if (takesValue.includes(text)) at += 2;
    else if (
      flags.test(text) ||
      takesValue.some((option) => text.startsWith(option.startsWith("--") ? `${option}=` : option))
    )
      at += 1;
    else return null;
  }
  return at;
}

const env: Judge = (call) => {
  const findings: Finding[] = [];
  let at = 0;
  for (; at < call.args.length; at += 1) {
    const text = call.args[at]?.text ?? null;
    const assignment = /^([\w.]+)=(.*)$/s.exec(text ?? "");
    if (assignment) findings.push(...judgeVariable(assignment[1] ?? "", assignment[2] ?? ""));
    else if (text === "-u" || text === "--unset") at += 1;
    else if (text === null || !/^(-|-i|-0|-v|--|--ignore-environment|--unset=\w+|-u\w+)$/.test(text)) break;
  }
  const rest = call.args.slice(at);
  if (rest[0]?.text?.startsWith("-"))
    return { findings: [...findings, ask(`env ${shown(rest[0])} hides what it runs`)] };
  if (rest.length > 0) call.run(rest);
  return { findings };
};

const flock: Judge = (call) => {
  const start = skipOptions(call.args, { flags: /^(-[nsxuoF]+|--\w+)$/, takesValue: ["-w", "-E"], operands: 1 });
  const [file, ...inner] = start === null ? [] : call.args.slice(start);
  if (file === undefined) return { findings: [ask("flock is called with options that hide what it runs")] };
  if (inner[0]?.text === "-c" && inner[1]?.text) call.script(inner[1].text);
  else if (inner.length > 0) call.run(inner);
  return { findings: judgeMaking(file, call) };
};

const XARGS_VALUES = [
  "-n",
  "-P",
  "-L",
  "-s",
  "-d",
  "-I",
  "-E",
  "--max-args",
  "--max-procs",
  "--delimiter",
  "--replace",
];

/** The program it runs also gets words from its input: paths of a list, or anything. */
const xargs: Judge = (call) => {
  const start = skipOptions(call.args, {
    flags: /^(-[0rtx]+|-[nPL]\d+|--(null|no-run-if-empty|verbose|max-args=\d+|max-procs=\d+))$/,
    takesValue: XARGS_VALUES,
    operands: 0,
  });
  if (start === null) return { findings: [ask("xargs is called with options that hide what it runs")] };
  const options = readOptions(call.args.slice(0, start), XARGS_VALUES);
  const [replaced] = options.values("-I", "--replace");
  const inner = call.args.slice(start);
  const [file] = inner;
  const added = inputWord(call, options.has("-0", "--null"));
  const argv = replaced?.text
    ? inner.map((word) =>
        word.text === replaced.text ? added : word.text?.includes(replaced.text ?? "") ? unknown(word.source) : word,
      )
    : [...inner, added];
  if (file !== undefined) call.run(argv, { state: call.state, input: { from: "nowhere" } });
  return { findings: [] };
};

function inputWord({ input }: Call, isNullSeparated: boolean): Word {
  if (input.from !== "list") return unknown("its input");
  const isWhole = isNullSeparated && input.separator === "null";
  return known(`${input.place}/${isWhole ? CHOSEN : LISTED}`, "its input");
}

export const WRAPPER_JUDGES: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.entries(WRAPPERS).map(([name, rules]) => [name, wrapper(name, rules)])),
  env,
  flock,
  xargs,
};
