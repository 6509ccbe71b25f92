import path from "node:path";
import { ask, type Finding } from "../parts.ts";
import { judgeUrl } from "../hosts.ts";
import { judgeWord, type Call, type Judge } from "./call.ts";
import { lost, worktreeLost } from "./git-losses.ts";
import { judgeOperand } from "./operands.ts";
import { readOptions, type Options } from "./options.ts";
import type { State } from "./state.ts";
import { known, NAME, shown, type Word } from "./words.ts";

/** Settings that change no behaviour beyond how things look and who wrote a commit. */
const HARMLESS_SETTING =
  /^(user\.(name|email)|color\.\w+|core\.(quotepath|autocrlf|abbrev|filemode|pager=(cat)?)|advice\.\w+|init\.defaultbranch|commit\.gpgsign|tag\.gpgsign|pull\.(rebase|ff)|push\.(default|autosetupremote)|merge\.(ff|conflictstyle)|rebase\.(autostash|autosquash)|fetch\.prune|diff\.(algorithm|renames|nopager)|log\.\w+|status\.\w+|pager\.\w+=(false|cat)|rerere\.enabled|gc\.auto|safe\.directory|core\.editor=(true|cat|:))(=.*)?$/i;

const GLOBAL_VALUES = [
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--exec-path",
  "--config-env",
  "--super-prefix",
];
const GLOBAL_FLAGS = [
  "--no-pager",
  "-P",
  "--no-optional-locks",
  "--literal-pathspecs",
  "--no-replace-objects",
  "--version",
  "--help",
  "-v",
  "--bare",
];

const PLAIN = `add am annotate apply bisect blame branch bundle cat-file check-attr check-ignore checkout cherry
  cherry-pick clean clone commit config count-objects describe diff diff-files diff-index diff-tree fetch
  for-each-ref format-patch fsck gc grep help hash-object init log ls-files ls-tree ls-remote merge merge-base
  merge-file merge-tree mktree mv name-rev notes pull range-diff read-tree rebase reflog remote reset restore revert
  rev-list rev-parse rm shortlog show show-branch show-ref sparse-checkout stash status submodule switch
  symbolic-ref tag var verify-commit verify-tag version whatchanged worktree write-tree push archive update-index
  commit-tree`.split(/\s+/);

/** Options of any subcommand that run programs or write where they are told. */
const REACHING = [
  "--upload-pack",
  "--receive-pack",
  "--exec",
  "--open-files-in-pager",
  "--ext-diff",
  "--extcmd",
  "--tool",
  "--output",
  "--output-directory",
  "--config-env",
  "--template",
  "--strategy",
  "--gpg-sign",
  "--textconv",
  "--filters",
  "--separate-git-dir",
  "--reference",
  "--config",
  "--remote",
  "--recurse-submodules",
  "--unsafe-paths",
];
const READS_OTHERWISE = ["-o", "-u", "-O", "-x", "-s"];

/** Options followed by a text of which nothing is read. */
const TEXTS = ["-m", "--message", "--author", "--date", "--format", "--pretty", "--grep", "-S", "-G"];
const OTHER_VALUES = ["-F", "-n", "-b", "-B", "-L", "-C", "-c"];
const REWRITES = ["filter-branch", "filter-repo", "update-ref", "replace", "prune"];
const TAKES_REMOTE = ["clone", "fetch", "pull", "push", "ls-remote"];

export const git: Judge = (call) => {
  const { at, findings, folders } = readGlobals(call);
  const name = call.args[at];
  if (name === undefined) return { findings };
  const args = call.args.slice(at + 1);
  const verb = shown(name);
  const here = { ...call, state: { ...call.state, folders } };
  if (REWRITES.includes(verb))
    return { verb, findings: [...findings, lost(`git ${verb} rewrites or deletes history`, here, args)] };
  if (!PLAIN.includes(name.text ?? ""))
    return { verb, findings: [...findings, ask(`git ${verb} is no plain git command`)] };

  const judged = { ...here, args };
  const options = readOptions(args, [...TEXTS, ...OTHER_VALUES, ...(verb === "rebase" ? ["-x", "--exec"] : [])]);
  const texts = new Set(options.values(...TEXTS));
  const words = args.filter((word) => !texts.has(word));
  findings.push(
    ...(VERBS[verb]?.(judged, options) ?? []),
    ...judgeReach(verb, judged),
    ...words.flatMap((word) => judgeGitWord(word, judged)),
    ...(TAKES_REMOTE.includes(verb)
      ? options.operands
          .slice(0, 1)
          .filter(isSshAddress)
          .map((word) => ask(`reaches ${shown(word)} over ssh`))
      : []),
  );
  return { verb, targets: options.operands.map(shown), findings };
};

function isSshAddress({ text }: Word): boolean {
  return /^[\w.-]+:(?!\/\/)/.test(text ?? "");
}

/** Options before the subcommand. */
function readGlobals(call: Call): { at: number; findings: Finding[]; folders: State["folders"] } {
  const findings: Finding[] = [];
  let { folders } = call.state;
  let at = 0;
  for (; at < call.args.length; at += 1) {
    const { text = null, source = "" } = call.args[at] ?? {};
    if (text === null || !text.startsWith("-")) break;
    if (GLOBAL_FLAGS.includes(text)) continue;
    const [name = "", attached] = text.startsWith("--") ? text.split(/=(.*)/s) : [text];
    if (!GLOBAL_VALUES.includes(name)) findings.push(ask(`git ${source} changes how git works`));
    const value = attached === undefined ? call.args[(at += 1)] : known(attached, source);
    if (value === undefined) break;
    findings.push(...judgeGlobal(name, value, call));
    const { text: folder } = value;
    if (name === "-C")
      folders = folders.map((from) => (from === null || folder === null ? null : path.resolve(from, folder)));
  }
  return { at, findings, folders };
}

function judgeGlobal(name: string, value: Word, call: Call): Finding[] {
  if (name === "-c")
    return HARMLESS_SETTING.test(value.text ?? "") ? [] : [ask(`git -c ${shown(value)} can run other programs`)];
  if (name === "-C" || name === "--git-dir" || name === "--work-tree")
    return judgeWord("write", value, call).filter(notGuarded);
  return [ask(`git ${name} ${shown(value)} changes how git works`)];
}

/** `--git-dir=.git` is where git would look anyway. */
function notGuarded({ reason }: Finding): boolean {
  return !reason.includes("decides what other programs run");
}

function judgeReach(verb: string, call: Call): Finding[] {
  const options = readOptions(call.args);
  const found = REACHING.filter((name) => options.has(name));
  const short = [
    "fetch",
    "pull",
    "clone",
    "push",
    "ls-remote",
    "grep",
    "archive",
    "rebase",
    "merge",
    "format-patch",
    "difftool",
  ].includes(verb)
    ? READS_OTHERWISE.filter((name) => options.has(name)).filter((name) => !(HARMLESS_SHORT[verb] ?? []).includes(name))
    : [];
  return [...found, ...short].map((name) => ask(`git ${verb} ${name} can run a program or write elsewhere`));
}

const HARMLESS_SHORT: Readonly<Record<string, readonly string[]>> = {
  push: ["-u"],
  grep: ["-o", "-u", "-x", "-s"],
  fetch: ["-u", "-o"],
  pull: ["-s"],
  merge: ["-s"],
  "format-patch": ["-s"],
  clone: ["-o", "-s"],
};

/** Addresses are judged as such, and paths that lead out of the folder as paths. */
function judgeGitWord(word: Word, call: Call): Finding[] {
  const { text } = word;
  if (text === null) return [ask(`what git gets is known only when it runs: ${word.source}`)];
  const value = /^--[\w-]+=(.*)$/s.exec(text)?.[1] ?? text;
  if (/^\w+::/.test(value)) return [ask(`${shown(word)} runs a program as a remote`)];
  if (/^\w+:\/\//.test(value)) return [...judgeUrl(value, call.ground)];
  if (/^[\w.-]+@[\w.-]+:/.test(value)) return [ask(`reaches ${value} over ssh`)];
  if (/^[/~]|(^|\/)\.\.(\/|$)/.test(value)) return judgeOperand(known(value, word.source), call);
  return [];
}

type Verb = (call: Call, options: Options) => Finding[];

const whenGiven =
  (names: readonly string[], reason: string): Verb =>
  (call, options) =>
    options.has(...names) ? [lost(reason, call)] : [];

/** Whole folders given back their last commit. */
const discards: Verb = (call, options) => {
  const isStaged = options.has("--staged", "-S") && !options.has("--worktree", "-W");
  const all = options.operands.filter(
    ({ text }) => text === null || /^(\.|:\/|\*|\.\/|:\(top\).*)$/.test(text) || text === NAME,
  );
  const isForced = options.has("--force", "-f", "--discard-changes");
  return (all.length > 0 && !isStaged) || isForced ? [lost("throws away changes that were not committed", call)] : [];
};

const runsEach: Verb = (call, options) => {
  const texts = options.values("-x", "--exec");
  for (const word of texts) if (word.text !== null) call.script(word.text);
  return texts.filter(({ text }) => text === null).map((word) => ask(`git would run ${word.source}`));
};

function firstIs(operands: readonly Word[], ...names: readonly string[]): boolean {
  return names.includes(operands[0]?.text ?? "");
}

/** `+main:main` overwrites a branch here. */
const movesBranches: Verb = (call, options) => {
  const moves = options.operands.slice(1).some(({ text }) => text === null || /^\+|:/.test(text));
  return moves || options.has("-f", "--force") ? [lost("overwrites branches", call)] : [];
};

const push: Verb = (call, options) => {
  const refs = options.operands.slice(1);
  const overwrites =
    options.has(
      "--force",
      "-f",
      "--force-with-lease",
      "--force-if-includes",
      "--delete",
      "-d",
      "--mirror",
      "--prune",
    ) || refs.some(({ text }) => text === null || /^[+:]/.test(text));
  if (overwrites) {
    const { destructive, ...finding } = lost("overwrites or deletes branches of a remote", call, options.operands);
    const remotes = options.operands.slice(0, 1).map(shown);
    return [{ ...finding, destructive: destructive && { ...destructive, remotes } }];
  }
  return [ask(`sends commits to ${shown(options.operands[0] ?? known("its remote"))}`)];
};

const config: Verb = (call, options) => {
  const writes = options.operands.length > 1 && !options.has("--get", "--get-all", "--get-regexp", "--list", "-l");
  const names = firstIs(options.operands, "set", "get", "list", "unset") ? options.operands.slice(1) : options.operands;
  const isElsewhere = options.has("--global", "--system", "--file", "-f", "--edit", "-e");
  const setting = names.map(shown).join("=");
  if (firstIs(options.operands, "get", "list") && !isElsewhere) return [];
  const isHarmless = !writes || HARMLESS_SETTING.test(setting);
  return isHarmless && !isElsewhere ? [] : [ask(`changes git's setting ${setting}`)];
};

const VERBS: Readonly<Record<string, Verb>> = {
  bisect: (call, { operands }) => {
    if (firstIs(operands, "run")) call.run(operands.slice(1));
    return firstIs(operands, "visualize", "view") ? [ask("git bisect visualize opens a program")] : [];
  },
  branch: (call, options) =>
    options.has("-D", "-M", "-f", "--force") ? [lost("deletes or moves a branch with what is only on it", call)] : [],
  checkout: discards,
  restore: discards,
  switch: discards,
  clean: (call, options) =>
    options.has("-n", "--dry-run") ? [] : [lost("deletes files that git does not know", call)],
  config,
  gc: whenGiven(["--prune", "--aggressive"], "deletes commits that no branch holds"),
  push,
  rebase: runsEach,
  reflog: (call, { operands }) => (firstIs(operands, "expire", "delete") ? [lost("deletes the way back", call)] : []),
  clone: (_call, options) =>
    options.values("-c").map((word) => ask(`git clone -c ${shown(word)} can run other programs`)),
  fetch: movesBranches,
  pull: movesBranches,
  "read-tree": whenGiven(["-u", "--reset"], "throws away changes that were not committed"),
  remote: (call, { operands }) =>
    operands.length > 0 && !firstIs(operands, "show", "get-url") ? [ask("changes the remotes of git")] : [],
  reset: whenGiven(["--hard", "--merge", "--keep"], "throws away changes, and commits that no branch holds"),
  rm: whenGiven(["--force", "-f"], "deletes files with changes that were not committed"),
  stash: (call, { operands }) => (firstIs(operands, "drop", "clear") ? [lost("deletes stashed changes", call)] : []),
  submodule: (call, { operands }) => {
    if (!firstIs(operands, "foreach")) return [];
    const [, ...words] = operands;
    if (words.every(({ text }) => text !== null)) call.script(words.map(({ text }) => text).join(" "));
    return words.some(({ text }) => text === null) ? [ask("git submodule foreach would run an unknown text")] : [];
  },
  "symbolic-ref": (call, { operands }) => (operands.length > 1 ? [lost("moves a branch", call)] : []),
  tag: whenGiven(["-d", "--delete", "-f", "--force"], "deletes or moves a tag"),
  worktree: (call, options) =>
    firstIs(options.operands, "remove") && options.has("--force", "-f")
      ? [worktreeLost(call, options.operands.slice(1))]
      : [],
};
