import { ask, type Finding } from "../parts.ts";
import { isWithin } from "../paths.ts";
import { placesOf, type Call, type Judge } from "./call.ts";
import { judgeAnyWords } from "./operands.ts";
import { readOptions } from "./options.ts";
import { known, NAME, shown, type Word } from "./words.ts";

interface Interpreter {
  readonly takesValue: readonly string[];
  /** Options followed by a program text. */
  readonly code: readonly string[];
  readonly asks: readonly string[];
  readonly isHarmless: (code: string) => boolean;
}

/** Words and signs with which a program can only compute and print. */
const PYTHON_WORDS =
  "print len range sum min max sorted int float str list dict set tuple round abs enumerate zip map filter bool repr ord chr hex bin any all from import as json sys math re datetime time platform version version_info version_tuple python_version executable stdin argv path loads dumps load read strip split join items keys values indent sort_keys for in if else not and or is None True False lambda x y i j k n v d s";
const NODE_WORDS =
  "console log JSON stringify parse process version versions node arch platform argv Math max min floor ceil round random sqrt PI Date now toISOString length const let new null undefined true false x y i n";

function onlyUses(list: string): (code: string) => boolean {
  const words = new Set(list.split(" "));
  return (code) => {
    const rest = code.replace(/(?<![\w"'])("[^"'\\\n`]*"|'[^"'\\\n`]*')/g, " ");
    if (!/^[\w\s().,:;=+\-*/%<>!{}?[\]]*$/.test(rest) || (words.has("console") && rest.includes("["))) return false;
    return (rest.match(/[A-Za-z_]\w*/g) ?? []).every((word) => words.has(word));
  };
}

const never = (): boolean => false;
const PYTHON: Interpreter = {
  takesValue: ["-c", "-m", "-W", "-X"],
  code: ["-c"],
  asks: ["-i"],
  isHarmless: onlyUses(PYTHON_WORDS),
};
const NODE: Interpreter = {
  takesValue: [
    "-e",
    "--eval",
    "-p",
    "--print",
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "-C",
  ],
  code: ["-e", "--eval", "-p", "--print"],
  asks: [
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "-i",
    "--interactive",
    "--build-sea",
    "--run",
  ],
  isHarmless: onlyUses(NODE_WORDS),
};
const opaque = (code: readonly string[], asks: readonly string[] = []): Interpreter => ({
  takesValue: [...code, ...asks],
  code,
  asks,
  isHarmless: never,
});

const INTERPRETERS: Readonly<Record<string, Interpreter>> = {
  python: PYTHON,
  python3: PYTHON,
  node: NODE,
  tsx: NODE,
  perl: opaque(["-e", "-E"], ["-M", "-m", "-d", "-I"]),
  ruby: opaque(["-e"], ["-r", "-I"]),
  php: opaque(["-r", "-B", "-R", "-E"], ["-d", "-S", "-z"]),
  lua: opaque(["-e"], ["-l"]),
};

/** Modules of Python that work on the project, or only print. */
const PYTHON_MODULES = [
  "pytest",
  "unittest",
  "doctest",
  "venv",
  "json.tool",
  "compileall",
  "py_compile",
  "black",
  "ruff",
  "mypy",
  "flake8",
  "isort",
  "build",
  "coverage",
  "pylint",
  "tabnanny",
  "this",
  "platform",
  "sysconfig",
  "http.server",
  "cProfile",
];

function interpreter(rules: Interpreter): Judge {
  return (call) => {
    const options = readOptions(call.args, rules.takesValue);
    const codes = options.values(...rules.code);
    const findings: Finding[] = rules.asks
      .filter((name) => options.has(name))
      .map((name) => ask(`${call.program} ${name} loads other programs`));
    if (codes.length > 0 || options.has(...rules.code)) {
      findings.push(...codes.flatMap((code) => judgeCode(code.text, code.source, { call, rules })));
      return { verb: rules.code[0], findings };
    }
    const [module] = rules === PYTHON ? options.values("-m") : [];
    if (module !== undefined) return runModule(module, call);
    return { findings: [...findings, ...judgeProgramText(call, options.operands, rules)] };
  };
}

function runModule(module: Word, call: Call): { verb: string; findings: Finding[] } {
  const args = call.args.slice(call.args.indexOf(module) + 1);
  if (module.text === "pip") {
    call.run([known("pip"), ...args]);
    return { verb: "-m pip", findings: [] };
  }
  const verb = `-m ${shown(module)}`;
  if (!PYTHON_MODULES.includes(module.text ?? "")) return { verb, findings: [ask(`python ${verb} can do anything`)] };
  return { verb, findings: judgeAnyWords(args, call) };
}

function judgeCode(
  code: string | null,
  source: string,
  { call, rules }: { call: Call; rules: Interpreter },
): Finding[] {
  if (code !== null && rules.isHarmless(code)) return [];
  return [ask(`${call.program} would run a text that cannot be judged: ${source}`)];
}

function judgeProgramText(call: Call, operands: readonly Word[], rules: Interpreter): Finding[] {
  const [script] = operands;
  if (script !== undefined && script.text !== "-") {
    const args = call.args.slice(call.args.indexOf(script) + 1);
    return [...judgeScriptFile(script, call), ...judgeAnyWords(args, call)];
  }
  const { input } = call;
  if (input.from === "nowhere") return [];
  if (input.from === "text") return judgeCode(input.text, "its input", { call, rules });
  if (input.from === "file") return judgeScriptFile(input.file, call);
  return [ask(`${call.program} would run a text that comes from elsewhere`)];
}

/** A program of the workspace runs in the sandbox like any other; from elsewhere it asks. */
export function judgeScriptFile(file: Word, call: Call): Finding[] {
  const places = placesOf(file, call.state);
  const allowed = [call.ground.workspace, "/tmp"];
  const isOurs = places.length > 0 && places.length === call.state.folders.length;
  if (
    file.text === null ||
    !isOurs ||
    file.text.includes(NAME) ||
    !places.every((place) => allowed.some((root) => isWithin(place, root)))
  ) {
    return [ask(`${call.program} would run ${shown(file)}, which is not a known file of the workspace`)];
  }
  call.runs(file);
  return [];
}

const SHELL_OPTIONS = /^(-[cefilsuvx]+|-[ceuvx]*o|--(login|norc|noprofile|posix)?|[a-z]+)$/;

/** `-c` has no value of its own: the text is the first operand, whatever options follow. */
const shell: Judge = (call) => {
  const options = readOptions(call.args, ["-o"]);
  const [first] = options.operands;
  const given = call.args.slice(0, first === undefined ? undefined : call.args.indexOf(first));
  const findings: Finding[] = given
    .filter(({ text }) => !SHELL_OPTIONS.test(text ?? ""))
    .map((word) => ask(`${call.program} ${shown(word)} changes what it runs`));
  if (options.has("-c")) {
    if (first?.text) call.script(first.text);
    else findings.push(ask(`${call.program} would run a text that is known only when it runs`));
    return { verb: "-c", findings };
  }
  if (first !== undefined && !options.has("-s")) {
    const args = call.args.slice(call.args.indexOf(first) + 1);
    return { findings: [...findings, ...judgeScriptFile(first, call), ...judgeAnyWords(args, call)] };
  }
  return { findings: [...findings, ...judgeInput(call)] };
};

function judgeInput(call: Call): Finding[] {
  const { input } = call;
  if (input.from === "nowhere") return [];
  if (input.from === "file") return judgeScriptFile(input.file, call);
  if (input.from !== "text" || input.text === null)
    return [ask(`${call.program} would run a text that comes from elsewhere`)];
  call.script(input.text);
  return [];
}

export const INTERPRETER_JUDGES: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.entries(INTERPRETERS).map(([name, rules]) => [name, interpreter(rules)])),
  bash: shell,
  sh: shell,
  dash: shell,
};
