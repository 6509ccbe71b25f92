import path from "node:path";
import { namesIn, readText } from "./memory-files.ts";

/** A piece of work that is not done, as its artifact on disk says. Hooks read artifacts and never write them. */
export interface OpenWork {
  readonly slug: string;
  readonly task: string;
  readonly phase: string;
  readonly done: number;
  readonly open: readonly string[];
}

const ARTIFACTS = ["ISA.md", "PRD.md"];
const CRITERION = /^[ \t]*[-*] \[( |x|X)\] +(.+)$/gm;
/** Fenced examples are not criteria. */
const FENCED = /^```.*?^```/gms;

/** From `Work/active`, also as `WORK` of other generations of the layout. Newest name first. */
export function readOpenWork(memory: string): readonly OpenWork[] {
  const folders = [path.join(memory, "Work", "active"), path.join(memory, "WORK")];
  return folders
    .flatMap((folder) => namesIn(folder).map((slug) => ({ slug, text: readArtifact(path.join(folder, slug)) })))
    .flatMap(({ slug, text }) => (text === null ? [] : [parseWork(slug, text)]))
    .filter(({ phase, open }) => phase !== "complete" || open.length > 0)
    .toReversed();
}

function readArtifact(folder: string): string | null {
  for (const name of ARTIFACTS) {
    const text = readText(path.join(folder, name));
    if (text !== null) return text;
  }
  return null;
}

export function parseWork(slug: string, text: string): OpenWork {
  const field = (name: string): string =>
    new RegExp(`^${name}: *(.+)$`, "m").exec(frontMatter(text))?.[1]?.trim() ?? "";
  const criteria = [...text.replaceAll(FENCED, "").matchAll(CRITERION)];
  const open = criteria.filter(([, mark]) => mark === " ").map(([, , criterion]) => (criterion ?? "").trim());
  const task = unquoted(field("task") || field("title")) || slug;
  return { slug, task, phase: unquoted(field("phase")), done: criteria.length - open.length, open };
}

function frontMatter(text: string): string {
  return /^---\n(.*?)\n---/s.exec(text)?.[1] ?? "";
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}

/** For the model and for people: what is left of each piece of work. */
export function describeWork(work: readonly OpenWork[], limit: number): string {
  const shown = work.slice(0, limit).map(({ slug, task, phase, done, open }) => {
    const state = `${phase === "" ? "no phase" : `phase ${phase}`}, ${done} of ${done + open.length} criteria done`;
    return [`- ${task} (${slug}): ${state}`, ...open.slice(0, 5).map((criterion) => `  - open: ${criterion}`)].join(
      "\n",
    );
  });
  if (work.length > limit) shown.push(`- and ${work.length - limit} more`);
  return shown.join("\n");
}
