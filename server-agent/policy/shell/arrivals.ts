import path from "node:path";
import { ask, type Finding } from "../parts.ts";
import { judgeWord, placesOf, type Call, type Judge } from "./call.ts";
import { judgeDeletion } from "./files.ts";
import { judgeOptions } from "./operands.ts";
import { readOptions, type Options } from "./options.ts";
import { losing, overwritten } from "./overwrites.ts";
import { known, shown, type Word } from "./words.ts";

/** Sources and a place to put them. */
interface Arrival {
  readonly options: Options;
  readonly sources: readonly Word[];
  readonly to: Word;
  /** The place is a folder: else nothing arrives. */
  readonly isFolder: boolean;
}

const INTO = ["-t", "--target-directory"];

function readArrival(call: Call, takesValue: readonly string[]): Arrival {
  const values = [...INTO, ...takesValue];
  const options = readOptions(spelledOut(call.args, values), values);
  const { operands } = options;
  const [given] = options.values(...INTO);
  const last = operands.at(-1);
  if (given || last === undefined) return { options, sources: operands, to: given ?? known("."), isFolder: true };
  const sources = operands.slice(0, -1);
  return { options, sources, to: last, isFolder: isFolder(sources, last) };
}

/** A word that is filled in later may be an option, or nothing. */
function isFolder(sources: readonly Word[], to: Word): boolean {
  return (sources.length > 1 && sources.every(({ text }) => text !== null)) || /\/\.?$/.test(to.text ?? "");
}

/** A shortened option takes the next word as its value, too. */
function spelledOut(args: readonly Word[], names: readonly string[]): Word[] {
  const end = args.findIndex(({ text }) => text === "--");
  return args.map((word, at) => {
    const text = word.text ?? "";
    const name = /^--./.test(text) && (end === -1 || at < end) ? names.find((one) => one.startsWith(text)) : undefined;
    return name === undefined ? word : known(name, word.source);
  });
}

function judgeArrival({ sources, to }: Arrival, call: Call, lost: readonly string[] | null): Finding[] {
  call.makes(to);
  for (const { text } of sources)
    if (text !== null && to.text !== null) call.makes(known(path.join(to.text, path.basename(text))));
  return losing(judgeWord("write", to, call), lost);
}

/** The files that are written over: at the place itself, or in it by the names of the sources, when it is a folder. */
function filesAt(arrival: Arrival, call: Call): string[] | null {
  const { options, to } = arrival;
  if (options.has("-T", "--no-target-directory")) return overwritten([to], call.state);
  return overwritten([...(arrival.isFolder ? [] : [to]), ...namesIn(arrival)], call.state);
}

/** The folders that the sources, when they are folders themselves, are laid over. */
function foldersAt(arrival: Arrival, call: Call): string[] | null {
  const { options, to } = arrival;
  const isItself = options.has("-T", "--no-target-directory");
  return asFolders(overwritten(isItself ? [to] : namesIn(arrival), call.state));
}

function asFolders(places: readonly string[] | null): string[] | null {
  return places && places.map((place) => (place.startsWith("/") ? `${place.replace(/\/$/, "")}/` : place));
}

function namesIn({ options, sources, to }: Arrival): Word[] {
  const { text: folder } = to;
  if (folder === null) return [to];
  return sources.map((source) => {
    if (source.text === null) return source;
    return known(path.join(folder, options.has("--parents") ? source.text : ownName(source.text)), source.source);
  });
}

/** `.` and `..` are laid over the place itself. */
function ownName(file: string): string {
  const name = path.basename(file);
  return name === "." || name === ".." ? "" : name;
}

/** What was there stays under another name. */
function backsUp(options: Options): boolean {
  const kinds = options.values("--backup").map(({ text }) => text ?? "");
  return options.has("-b", "--backup") && kinds.every((kind) => BACKUPS.includes(kind));
}

/** All but those that make none. */
const BACKUPS = ["simple", "never", "existing", "nil", "numbered", "t"];
const FORCES = ["-f", "--force", "-i", "--interactive"];

/** Of `-n`, `-i` and `-f` the last one counts. */
function clobbersNothing(options: Options): boolean {
  return options.has("-n", "--no-clobber") && !options.has(...FORCES);
}

const COPY_VALUES = ["-S", "--suffix", "-m", "--mode", "-o", "--owner", "-g", "--group", "--sparse", "--no-preserve"];
const RECURSIVE = ["-r", "-R", "-a", "--recursive", "--archive"];

const cp: Judge = (call) => {
  const arrival = readArrival(call, COPY_VALUES);
  const { sources, to } = arrival;
  const programs = sources.filter((word) =>
    placesOf(word, call.state).some((place) => /^\/(usr\/(local\/)?)?s?bin\//.test(place)),
  );
  const findings = [
    ...sources.flatMap((word) => judgeWord("read", word, call)),
    ...judgeArrival(arrival, call, lostByCopy(arrival, call)),
    ...losing(
      programs.map((word) => ask(`copies the program ${shown(word)} under another name`)),
      [],
    ),
    ...judgeOptions(call, { asks: call.program === "install" ? ["--strip-program", "-s"] : [] }),
  ];
  return { targets: [shown(to)], findings };
};

function lostByCopy(arrival: Arrival, call: Call): string[] | null {
  const { options } = arrival;
  const isInstall = call.program === "install";
  const leavesOld = isInstall ? options.has("-d", "--directory") : clobbersNothing(options);
  if (leavesOld || backsUp(options)) return [];
  return both(filesAt(arrival, call), !isInstall && options.has(...RECURSIVE) ? foldersAt(arrival, call) : []);
}

function both(some: readonly string[] | null, others: readonly string[] | null): string[] | null {
  return some && others && [...some, ...others];
}

const mv: Judge = (call) => {
  const arrival = readArrival(call, ["-S", "--suffix"]);
  const { options, sources, to } = arrival;
  const lost = clobbersNothing(options) || backsUp(options) ? [] : filesAt(arrival, call);
  const findings = [
    ...sources.flatMap((word) => judgeDeletion(word, call, false)),
    ...judgeArrival(arrival, call, lost),
  ];
  return { targets: [...sources.map(shown), shown(to)], findings };
};

/** What a link leads to is judged from where the link is, and as if written: later writes go through it. */
const ln: Judge = (call) => {
  const arrival = readArrival(call, ["-S", "--suffix"]);
  const { options, sources, to } = arrival;
  const [only] = options.operands;
  const targets = sources.length === 0 && only ? [only] : sources;
  const isSymbolic = options.has("-s", "--symbolic");
  const from = isSymbolic && sources.length > 0 ? [to.text ?? "/", path.dirname(to.text ?? "/")] : ["."];
  const reached = ({ text, source }: Word, place: string): Word =>
    known(text === null || path.isAbsolute(text) ? (text ?? "/") : path.join(place, text), source);
  const seen = targets.flatMap((word) => from.map((place) => reached(word, place)));
  const named = sources.length === 0 ? { ...arrival, sources: targets, to: known("."), isFolder: true } : arrival;
  const lost = !options.has(...FORCES) || backsUp(options) ? [] : filesAt(named, call);
  return {
    targets: targets.map(shown),
    findings: [
      ...seen.flatMap((word) => losing(judgeWord("write", word, call), lost)),
      ...judgeArrival(arrival, call, lost),
    ],
  };
};

const rsync: Judge = (call) => {
  const { operands } = readOptions(call.args, RSYNC_VALUES);
  const remote = operands.filter((word) => word.text?.includes(":"));
  const findings = [
    ...losing(
      operands.flatMap((word) => judgeWord("write", word, call)),
      lostByRsync(call),
    ),
    ...judgeOptions(call, {
      asks: ["-e", "--rsh", "--rsync-path", "--daemon", "-M", "--remote-option", "--remove-source-files"],
    }),
    ...remote.map((word) => ask(`copies files to or from another machine: ${shown(word)}`)),
  ];
  return { targets: operands.map(shown), findings };
};

const RSYNC_VALUES = ["--exclude", "--include", "--filter", "-f"];
/** With these, what it writes is in the place and under the names of the sources. */
const RSYNC_PLAIN =
  /^(-[achilogprtuvxzADHLPSX]+|--(archive|verbose|recursive|compress|checksum|perms|times|owner|group|links|progress|stats|update|delete|exclude|include)|--(exclude|include|chown|chmod)=.*)$/;

/** Null with any option beyond those. A source with `/` at its end is laid over the place itself. */
function lostByRsync(call: Call): string[] | null {
  const options = readOptions(call.args, RSYNC_VALUES);
  const isPlain = call.args.every(({ text }) => !text?.startsWith("-") || RSYNC_PLAIN.test(text));
  const to = options.operands.at(-1);
  if (!isPlain || to === undefined || to.text?.includes(":")) return null;
  const sources = options.operands
    .slice(0, -1)
    .map((word) => (word.text?.endsWith("/") ? { ...word, text: `${word.text}.` } : word));
  const arrival = { options, sources, to, isFolder: isFolder(sources, to) };
  return both(filesAt(arrival, call), foldersAt(arrival, call));
}

export const ARRIVAL_JUDGES: Readonly<Record<string, Judge>> = { cp, install: cp, mv, ln, rsync };
