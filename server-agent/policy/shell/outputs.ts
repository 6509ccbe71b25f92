import path from "node:path";
import { LISTED, NAME, type Word } from "./words.ts";

/** Names that a program prints, one each: paths below `place`, which is as relative as they are. */
export interface Listing {
  readonly place: string;
  /** `null` only for names that were chosen by a pattern: all others are as doubtful as lines. */
  readonly separator: "line" | "null";
}

/** What a command prints, as far as its words say; null when that cannot be known. */
export function outputOf(argv: readonly Word[], folder: string | null): string | null {
  const words = argv.map((word) => word.text);
  const [program, ...args] = words;
  if (args.includes(null)) return null;
  const texts = args.filter((text) => text !== null);
  switch (program ?? "") {
    case "pwd":
      return texts.length === 0 ? folder : null;
    case "echo":
      return texts.some((text) => text.startsWith("-") || text.includes("\\")) ? null : texts.join(" ");
    case "basename":
      return texts.length > 0 && texts.length <= 2 ? lastName(texts[0] ?? "", texts[1] ?? "") : null;
    case "dirname":
      return texts.length === 1 ? path.dirname(texts[0] ?? "") : null;
    case "mktemp":
      return texts.every((text) => /^-[dq]+$/.test(text)) ? `/tmp/${NAME}` : null;
    case "date":
      return texts.some((text) => text.includes("/") || /%[DnxcEt]/.test(text)) ? null : NAME;
    case "git":
      return gitOutput(texts, folder);
    case "wc":
      return /^-[lcmw]$/.test(texts[0] ?? "") && texts.length === 1 ? NAME : null;
    default:
      return PRINT_A_NAME.includes(program ?? "") ? NAME : null;
  }
}

const PRINT_A_NAME = ["nproc", "id", "whoami", "arch", "uname"];
const GIT_NAMES = [
  /^rev-parse( --short(=\d+)?| --abbrev-ref| --verify)* (HEAD|@)$/,
  /^branch --show-current$/,
  /^describe( --(tags|always|dirty|abbrev=\d+))*$/,
  /^log -1 --(pretty|format)(=|=format:)?%[hH]$/,
  /^rev-list --count \w+$/,
];

function gitOutput(args: readonly string[], folder: string | null): string | null {
  const line = args.join(" ");
  if (line === "rev-parse --show-toplevel") return folder === null ? null : `${folder}/${NAME}`;
  return GIT_NAMES.some((form) => form.test(line)) ? NAME : null;
}

function lastName(text: string, suffix: string): string | null {
  const name = path.basename(text, suffix);
  if (name.includes(LISTED)) return name.replaceAll(LISTED, NAME);
  return name === "" || name === "." || name === ".." ? null : name;
}

/** What a pipeline lists: a program that lists names, and then only programs that choose among lines. */
export function listingOf(argvs: readonly (readonly Word[])[]): Listing | null {
  const [first, ...others] = argvs.map((argv) => argv.map((word) => word.text));
  if (first === undefined || first.includes(null)) return null;
  if (!others.every(([program]) => CHOOSE_LINES.includes(program ?? ""))) return null;
  const [program, ...args] = first.filter((text) => text !== null);
  const lister = LISTERS[program ?? ""];
  return lister?.(args) ?? null;
}

const CHOOSE_LINES = ["grep", "egrep", "head", "tail", "sort", "uniq", "shuf", "tac"];

const LISTERS: Readonly<Record<string, (args: readonly string[]) => Listing | null>> = {
  find: (args) => {
    const end = args.findIndex((text) => /^[-(!]/.test(text));
    const roots = end === -1 ? args : args.slice(0, end);
    if (args.some((text) => /^-(printf|fprint|ls|exec|ok)/.test(text))) return null;
    const chooses = args.some((text) => /^-i?(name|path|regex)$/.test(text));
    return below(roots, args.includes("-print0") && chooses ? "null" : "line");
  },
  git: (args) => {
    const lists =
      args[0] === "ls-files" || (args[0] === "diff" && args.some((text) => /^--name-(only|status)$/.test(text)));
    const printsNames = lists && !args.includes("--name-status");
    return printsNames ? { place: ".", separator: args.includes("-z") ? "null" : "line" } : null;
  },
  ls: (args) => {
    const roots = args.filter((text) => !text.startsWith("-"));
    if (args.some((text) => /^-\w*[lsif]/.test(text))) return null;
    return roots.every((root) => root.includes(NAME)) ? below(roots, "line") : { place: ".", separator: "line" };
  },
  grep: matches,
  rg: matches,
};

/** `grep -l word src`: only names, below what follows the pattern. */
function matches(args: readonly string[]): Listing | null {
  if (!args.some((text) => /^-\w*l\w*$/.test(text) || text === "--files-with-matches" || text === "--files"))
    return null;
  const operands = args.filter((text) => !text.startsWith("-"));
  return below(operands.slice(args.includes("--files") ? 0 : 1), "line");
}

/** Of several folders, the one that all are below. */
function below(roots: readonly string[], separator: Listing["separator"]): Listing | null {
  if (roots.length === 0) return { place: ".", separator };
  if (roots.length === 1) return { place: path.normalize(roots[0] ?? "."), separator };
  const isInside = (root: string): boolean => !path.isAbsolute(root) && !path.normalize(root).startsWith("..");
  return roots.every(isInside) ? { place: ".", separator } : null;
}
