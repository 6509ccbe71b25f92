import type * as ast from "unbash";
import { listingOf, outputOf } from "./outputs.ts";
import { parameterValue } from "./parameters.ts";
import type { State } from "./state.ts";
import { known, LISTED, NAME, unknown, type Word } from "./words.ts";

/** What words are expanded from. */
export interface Known {
  readonly state: State;
  /** `IFS` is changed somewhere: how values are split cannot be known. */
  readonly splitsOddly: boolean;
}

/** Where `~` and `$HOME` lead: no level's paths are there. */
const HOME = "/~";
/** A piece of a word: its alternatives (of braces), one text otherwise; null when it cannot be known. */
type Piece = readonly string[] | null;
type Expansion = Exclude<ast.DoubleQuotedChild, ast.LiteralPart>;

const MOST_WORDS = 64;

/** The words that one word becomes: several by braces, none for an empty variable, one otherwise. */
export function expandWord(word: ast.Word, from: Known): Word[] {
  const source = word.text;
  let texts: string[] = [""];
  const pieces = word.parts === undefined ? [[word.value]] : word.parts.map((part) => pieceOf(part, from));
  for (const piece of pieces) {
    if (piece === null) return [unknown(source)];
    texts = texts.flatMap((text) => piece.map((more) => text + more));
    if (texts.length > MOST_WORDS) return [unknown(source)];
  }
  if (source.startsWith("~") && !/^~(\/|$)/.test(source)) return [unknown(source)];
  if (source.startsWith("~")) texts = texts.map((text) => HOME + text.slice(1));
  const vanishes = (text: string): boolean => text === "" && !/["']/.test(source);
  return texts.filter((text) => !vanishes(text)).map((text) => settled(text, source));
}

/** The value that a word has as one text: assigned, in quotes, or a here-string. */
export function expandText(word: ast.Word, from: Known): string | null {
  const words = expandWord(word, from);
  return words.length === 0 ? "" : words.length === 1 ? (words[0]?.text ?? null) : null;
}

/** The words of each command when all of them are simple ones that only read; null otherwise. */
export function argvsOf(commands: readonly ast.PipelineNode[], from: Known): Word[][] | null {
  const argvs = commands.map((command) => {
    if (command.type !== "Command" || command.name === undefined || command.prefix.length > 0) return null;
    const isPlain = command.redirects.every((redirect) => redirect.type === "Redirect" && redirect.operator !== "<>");
    const words = command.args.filter((argument) => argument.type === "Word");
    if (!isPlain || words.length < command.args.length) return null;
    return [command.name, ...words].flatMap((word) => expandWord(word, from));
  });
  return argvs.includes(null) ? null : argvs.filter((argv) => argv !== null);
}

function pieceOf(part: ast.WordPart, from: Known): Piece {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [part.value];
    case "DoubleQuoted":
    case "LocaleString":
      return quoted(part.parts, from);
    case "Glob":
      return [NAME];
    case "BraceExpansion":
      return braces(part.text);
    case "ProcessSubstitution":
      return [`/dev/fd/${NAME}`];
    case "ExtendedGlob":
      return null;
    case "SimpleExpansion":
    case "ParameterExpansion":
    case "CommandExpansion":
    case "ArithmeticExpansion":
      return unquoted(valueOf(part, from), from);
  }
}

function quoted(parts: readonly ast.DoubleQuotedChild[], from: Known): Piece {
  const values = parts.map((part) => (part.type === "Literal" ? part.value : valueOf(part, from)));
  return values.includes(null) ? null : [values.join("")];
}

/** Outside quotes a value is split and matched against file names: only one that stays whole is known. */
function unquoted(value: string | null, from: Known): Piece {
  return value === null || /[\s*?[\\]/.test(value) || from.splitsOddly ? null : [value];
}

function braces(text: string): Piece {
  const inside = text.slice(1, -1);
  if (/^[\w-]+\.\.[\w-]+(\.\.-?\d+)?$/.test(inside)) return [NAME];
  return /[{}"'`$\\*?[\]~]/.test(inside) ? null : inside.split(",");
}

/** A pattern with a leading dot may match the folder above, so it is no plain name. */
function settled(text: string, source: string): Word {
  return /(^|\/)\.+[\uE000\uE001]/.test(text) ? unknown(source) : known(text, source);
}

export function valueOf(part: Expansion, from: Known): string | null {
  switch (part.type) {
    case "ArithmeticExpansion":
      return NAME;
    case "CommandExpansion":
      return printed(part.script, from);
    case "SimpleExpansion":
      return variable(part.text.slice(1), from);
    case "ParameterExpansion":
      return parameterValue(part, variable(part.parameter, from), (word) => expandText(word, from));
  }
}

function variable(name: string, { state }: Known): string | null {
  if (/^[?$!#]$/.test(name)) return NAME;
  if (state.variables.has(name)) return state.variables.get(name) ?? null;
  if (name === "HOME") return HOME;
  return name === "PWD" && state.folders.length === 1 ? (state.folders[0] ?? null) : null;
}

function printed(script: ast.Script | undefined, from: Known): string | null {
  const [statement, ...more] = script?.commands ?? [];
  if (statement === undefined || more.length > 0 || statement.background) return null;
  const node = statement.command;
  const argvs = argvsOf(node.type === "Pipeline" ? node.commands : node.type === "AndOr" ? [] : [node], from);
  if (argvs === null || argvs.length === 0) return null;
  const listing = listingOf(argvs);
  if (listing !== null) return listing.place === "." ? `./${LISTED}` : `${listing.place}/${LISTED}`;
  const folder = from.state.folders.length === 1 ? (from.state.folders[0] ?? null) : null;
  return argvs.length === 1 ? outputOf(argvs[0] ?? [], folder) : null;
}
