import { judgeNetwork } from "./exfiltration.ts";
import { withoutDocuments } from "./here-documents.ts";
import { judgePath, type Access } from "./protected-places.ts";
import { programOf, programWords, readSegments, type Segment } from "./shell-words.ts";
import { ask, strictest, type Verdict } from "./verdict.ts";

/** Programs that only look. Any other that names a file may write it. */
const READERS = new Set(
  "echo printf true cat less more head tail ls stat wc diff cmp file tree du md5sum sha256sum test [ readlink realpath uniq cut tac nl".split(
    " ",
  ),
);
/** Readers whose first word is not a file. */
const SEARCHERS = new Set("grep egrep fgrep rg ag jq sed awk".split(" "));
const READING_GIT = new Set("diff log show status blame grep ls-files add".split(" "));
/** Programs whose words may be programs in turn. */
const INTERPRETER = /^(ba|da|z|k|fi)?sh$|^(eval|xargs|ssh|su|watch|python[\d.]*|node|perl|ruby|php|deno|bun|awk|find)$/;
const MAX_DEPTH = 4;
const MAX_WORDS = 3_000;

/** Judges what a shell line names, whatever it does with it. */
export function judgeCommand(command: string, cwd: string, depth = 0): Verdict {
  const line = withoutDocuments(command, (start) => readSegments(start).some(isInterpreter));
  const segments = readSegments(line);
  const words = segments.reduce((count, segment) => count + segment.words.length, 0);
  if (words > MAX_WORDS) return ask("the command names more than can be looked at");
  return strictest([
    ...segments.map((segment) => judgeSegment(segment, { cwd, depth })),
    depth === 0 ? judgeNetwork(line, segments) : null,
  ]);
}

interface Place {
  readonly cwd: string;
  readonly depth: number;
}

function judgeSegment(segment: Segment, { cwd, depth }: Place): Verdict {
  const access = accessOf(segment);
  const names = namesOf(segment).filter((name) => depth === 0 || /[/~]|^\./.test(name));
  const inner = depth < MAX_DEPTH ? innerCommands(segment) : [];
  return strictest([
    ...segment.targets.map((target) => judgePath(expanded(target), "write", cwd)),
    ...names.map((name) => judgePath(expanded(name), access, cwd)),
    ...inner.map((command) => judgeCommand(command, cwd, depth + 1)),
  ]);
}

function namesOf(segment: Segment): readonly string[] {
  const words = programWords(segment);
  const first = SEARCHERS.has(programOf(segment)) ? words.findIndex((word, at) => at > 0 && !word.startsWith("-")) : -1;
  return words
    .filter((word, at) => at !== first && !/\s/.test(word))
    .flatMap((word) => {
      // `--file=x`, `if=x` and `@x` name x.
      const value = word.slice(word.indexOf("=") + 1);
      return [word, value, value.replace(/^[^@]*@/, "")];
    });
}

/** What the words of an interpreter run, and what substitutions in quotes do. */
function innerCommands(segment: Segment): readonly string[] {
  const substituted = segment.words.flatMap((word) =>
    [...word.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)].map(([, round, tick]) => round ?? tick ?? ""),
  );
  if (!isInterpreter(segment)) return substituted;
  return [...substituted, ...segment.words.filter((word) => /[\s(;|'"]/.test(word))];
}

function isInterpreter({ words }: Segment): boolean {
  return words.some((word) => INTERPRETER.test(word.split("/").at(-1) ?? ""));
}

function accessOf(segment: Segment): Access {
  const program = programOf(segment);
  const words = programWords(segment);
  if (program === "git") return READING_GIT.has(words[1] ?? "") ? "read" : "write";
  if (program === "sed") return words.some((word) => /^(-[a-zA-Z]*i|--in-place)/.test(word)) ? "write" : "read";
  return READERS.has(program) || SEARCHERS.has(program) ? "read" : "write";
}

function expanded(word: string): string {
  const home = process.env["HOME"] ?? "/root";
  return word.replace(/^~(?=\/|$)/, home).replace(/\$\{?HOME\b\}?/, home);
}
