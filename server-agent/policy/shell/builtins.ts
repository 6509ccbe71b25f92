import { ask, type Finding } from "../parts.ts";
import { isWithin } from "../paths.ts";
import { placesOf } from "./call.ts";
import { assign, judgeHidden } from "./assignments.ts";
import { readOptions } from "./options.ts";
import { report, type Running } from "./scene.ts";
import { straight, withUnknown, withVariable, type Flow } from "./state.ts";
import { judgeVariable } from "./variables.ts";
import { known, LISTED, shown, type Word } from "./words.ts";

/** A command of the shell itself that changes what comes after it. */
type Builtin = (args: readonly Word[], running: Running) => Flow;

const cd: Builtin = (args, { state, scene }) => {
  const [folder, ...more] = readOptions(args).operands;
  const target = folder ?? known("/~");
  const isBack = target.text === "-" || more.length > 0;
  const folders = isBack || target.text === null || target.text.includes(LISTED) ? [null] : placesOf(target, state);
  const ok = { ...state, folders: folders.length > 0 ? folders : [null] };
  const before = state.folders.filter((folder) => folder !== null);
  const stays =
    before.length === state.folders.length && before.every((folder) => isWithin(folder, scene.ground.workspace));
  return { ok, fail: stays ? { ...ok, doubtful: [...state.doubtful, ...before] } : state };
};

const popd: Builtin = (_args, { state }) => straight({ ...state, folders: [null] });

/** `export`, `local` and their like: assignments, and options that change what a name means. */
const declare: Builtin = (args, { state, scene, assignments }) => {
  const known = { state, splitsOddly: scene.mentions("IFS") };
  const assigned = assign(assignments, known);
  const findings: Finding[] = [...assigned.findings];
  let after = assigned.state;
  const names = new Set(assignments.map(({ name }) => name));
  for (const { text, source } of args) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text ?? "") ?? [];
    if (name !== undefined && !names.has(name)) {
      findings.push(...judgeVariable(name, value ?? ""), ...judgeHidden(name, value ?? ""));
      after = withVariable(after, name, value ?? "");
    } else if (text === null && !names.has(/^\w+/.exec(source)?.[0] ?? ""))
      findings.push(ask(`sets what is known only when it runs: ${source}`));
    else if (/^[-+]\w*[infF]/.test(text ?? "")) findings.push(ask(`${source} changes what a name means`));
    else if (text?.includes("[")) findings.push(...judgeNames([{ text, source }]));
  }
  report(scene, "declare", findings);
  return straight(after);
};

/** Names that are given as text: a subscript in them would be run. */
function judgeNames(words: readonly Word[]): Finding[] {
  const odd = words.filter(({ text }) => text === null || /[[$`]/.test(text));
  return odd.map((word) => ask(`${word.source} names its variable only when it runs`));
}

const read: Builtin = (args, { state, scene, input }) => {
  const names = readOptions(args, ["-d", "-n", "-N", "-p", "-t", "-u", "-i", "-a"]).operands;
  const flags = readOptions(args, ["-d", "-n", "-N", "-p", "-t", "-u", "-i", "-a"]);
  report(scene, "read", judgeNames([...names, ...flags.values("-a")]));
  const texts = [...names, ...flags.values("-a")].map(({ text }) => text ?? "");
  report(
    scene,
    "read",
    texts.flatMap((name) => judgeVariable(name, null)),
  );
  const after = withUnknown(state, [...texts, "REPLY"]);
  const [only] = texts;
  const isList = input.from === "list" && texts.length === 1 && only !== undefined;
  return straight(isList ? withVariable(after, only, `${input.place}/${LISTED}`) : after);
};

const mapfile: Builtin = (args, { state, scene }) => {
  const options = readOptions(args, ["-d", "-n", "-O", "-s", "-u", "-C", "-c"]);
  const runs = options.has("-C") ? [ask("mapfile -C runs a command for each line")] : [];
  const steers = options.operands.flatMap(({ text }) => judgeVariable(text ?? "", null));
  report(scene, "mapfile", [...runs, ...judgeNames(options.operands), ...steers]);
  return straight(withUnknown(state, [...options.operands.map(({ text }) => text ?? ""), "MAPFILE"]));
};

const printf: Builtin = (args, { state, scene }) => {
  if (!args[0]?.text?.startsWith("-v")) return straight(state);
  const name = args[0].text === "-v" ? (args[1] ?? known("")) : known(args[0].text.slice(2));
  report(scene, "printf", [...judgeNames([name]), ...judgeVariable(name.text ?? "", null)]);
  return straight(withUnknown(state, [name.text ?? ""]));
};

const unset: Builtin = (args, { state, scene }) => {
  report(scene, "unset", judgeNames(args));
  return straight(
    withUnknown(
      state,
      args.map(({ text }) => text ?? ""),
    ),
  );
};

const lets: Builtin = (args, { state, scene }) => {
  const odd = args.filter(({ text }) => text === null || !/^[\w\s+*/%()<>=!&|^-]*$/.test(text));
  report(
    scene,
    "let",
    odd.map((word) => ask(`computes with ${word.source}`)),
  );
  return straight(
    withUnknown(
      state,
      args.flatMap(({ text }) => text?.match(/[A-Za-z_]\w*/g) ?? []),
    ),
  );
};

const evaluate: Builtin = (args, { state, scene }) => {
  if (args.some(({ text }) => text === null)) {
    report(scene, "eval", [ask(`eval would run a text that is known only when it runs: ${args.map(shown).join(" ")}`)]);
    return straight({ ...state, variables: new Map() });
  }
  return scene.walker.text(args.map(({ text }) => text).join(" "), state, { ...scene, depth: scene.depth + 1 });
};

/** A file of the workspace may define and set anything. */
const source: Builtin = ([file], { state, scene }) => {
  const places = file ? placesOf(file, state) : [];
  const isOurs =
    places.length > 0 &&
    places.every((place) => place.startsWith(`${scene.ground.workspace}/`) || place.startsWith("/tmp/"));
  for (const place of places) scene.ran.add(place);
  report(
    scene,
    "source",
    isOurs
      ? []
      : [ask(`source would run ${file ? shown(file) : "nothing"}, which is not a known file of the workspace`)],
  );
  return straight({ ...state, variables: new Map([...state.variables.keys()].map((name) => [name, null])) });
};

/** What runs later is judged with only those values that are set once in the whole text. */
const trap: Builtin = ([text, ...signals], { state, scene }) => {
  if (text === undefined || signals.length === 0 || /^(-|-[lp]+|)$/.test(text.text ?? "x")) return straight(state);
  if (text.text === null)
    report(scene, "trap", [ask(`trap would run a text that is known only when it runs: ${text.source}`)]);
  else {
    const lasting = [...state.variables].filter(([name]) => scene.assignments.get(name) === 1);
    const folders = scene.mentions("cd") || scene.mentions("pushd") ? [null] : state.folders;
    scene.walker.text(
      text.text,
      { ...state, variables: new Map(lasting), folders },
      { ...scene, depth: scene.depth + 1 },
    );
  }
  return straight(state);
};

const SHELL_SETTINGS =
  /^(-s|-u|-q|globstar|nullglob|extglob|dotglob|failglob|nocaseglob|nocasematch|inherit_errexit|globskipdots)$/;
const shopt: Builtin = (args, { state, scene }) => {
  const odd = args.filter(({ text }) => !SHELL_SETTINGS.test(text ?? ""));
  report(
    scene,
    "shopt",
    odd.map((word) => ask(`shopt ${shown(word)} changes how the rest is read`)),
  );
  return straight(state);
};

const set: Builtin = (args, { state, scene }) => {
  const end = args.findIndex(({ text }) => text === "--" || text === null || !/^[-+]/.test(text));
  const flags = end === -1 ? args : args.slice(0, end);
  const odd = flags.filter(({ text }) => !/^[-+][euxfEovabChmpnBT]*$/.test(text ?? "") || /[kt]/.test(text ?? ""));
  const names = flags.at(-1)?.text?.endsWith("o") ? args.slice(flags.length, flags.length + 1) : [];
  const isOdd = names.some(
    ({ text }) =>
      !/^(errexit|nounset|pipefail|xtrace|noglob|verbose|allexport|noclobber|errtrace|posix)$/.test(text ?? ""),
  );
  report(
    scene,
    "set",
    [...odd, ...(isOdd ? names : [])].map((word) => ask(`set ${shown(word)} changes how the rest is read`)),
  );
  return straight(withUnknown(state, [...Array(10).keys()].map(String)));
};

const refuse =
  (what: string): Builtin =>
  (args, { state, scene }) => {
    if (args.length > 0) report(scene, what, [ask(`${what} ${args.map(shown).join(" ")} changes what a name runs`)]);
    return straight(state);
  };

/** `command`, `builtin` and `exec`: the rest is the command. */
const passOn: Builtin = (args, running) => {
  const at = args.findIndex(({ text }) => text === null || !/^(-[pVvlc]+|--)$/.test(text));
  const isQuestion = args.slice(0, Math.max(at, 0)).some(({ text }) => /^-\w*[vV]/.test(text ?? ""));
  if (at === -1 || isQuestion) return straight(running.state);
  return running.scene.walker.argv(args.slice(at), { ...running, scene: { ...running.scene, functions: new Map() } });
};

const getopts: Builtin = (args, { state, scene }) => {
  report(scene, "getopts", [...judgeNames(args.slice(1, 2)), ...judgeVariable(args[1]?.text ?? "", null)]);
  return straight(withUnknown(state, [args[1]?.text ?? "", "OPTARG", "OPTIND"]));
};

/** `test -v` and `wait -p` take names as text. */
const takesNames: Builtin = (args, { state, scene }) => {
  report(scene, "test", judgeNames(args.filter(({ text }) => /\[.*(\$\(|`)/s.test(text ?? ""))));
  return straight(state);
};

const positional: Builtin = (_args, { state }) => straight(withUnknown(state, [...Array(10).keys()].map(String)));

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["cd", cd],
  ["pushd", cd],
  ["popd", popd],
  ...["export", "declare", "typeset", "local", "readonly"].map((name): [string, Builtin] => [name, declare]),
  ["read", read],
  ["mapfile", mapfile],
  ["readarray", mapfile],
  ["printf", printf],
  ["unset", unset],
  ["let", lets],
  ["eval", evaluate],
  ["source", source],
  [".", source],
  ["trap", trap],
  ["shopt", shopt],
  ["set", set],
  ["alias", refuse("alias")],
  ["hash", refuse("hash")],
  ["enable", refuse("enable")],
  ["complete", refuse("complete")],
  ["bind", refuse("bind")],
  ["command", passOn],
  ["builtin", passOn],
  ["exec", passOn],
  ["getopts", getopts],
  ["shift", positional],
  ["test", takesNames],
  ["[", takesNames],
  ["wait", takesNames],
]);
