import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { forEachChild, parse, type SyntaxNode } from "unbash";
import { expect, test } from "vitest";
import { z } from "zod";
import { EVERYDAY_COMMANDS } from "./everyday-commands.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const attempts = z.record(z.string(), z.array(z.string())).parse(read("bypass-attempts.json"));
const odd = z.array(z.string()).parse(read("odd-syntax.json"));
const texts = [...odd, ...(attempts["within a substitution"] ?? []), ...EVERYDAY_COMMANDS.slice(-25)];

/** The parser cuts these wrongly; the judge asks for them for that reason. */
const KNOWN_CUTS = ['echo "${x/$(rm -rf /etc)/y}"'];

test("finds the same commands as bash itself does, also in syntax at its oddest", () => {
  const different = texts.filter((text) => {
    const ours = programsIn(text);
    const theirs = asBashReadsIt(text);
    if (theirs === null || KNOWN_CUTS.includes(text)) return false;
    return ours !== null && JSON.stringify(ours) !== JSON.stringify(programsIn(theirs));
  });
  expect(different).toEqual([]);
});

/** Bash prints a function as it has read it, without running it; null for what it refuses. The sandbox is for breakouts. */
function asBashReadsIt(text: string): string | null {
  const script = `f() {\n${text}\n}; declare -f f`;
  const sandbox = ["--unshare-all", "--ro-bind", "/", "/", "--"];
  const run = spawnSync("bwrap", [...sandbox, "bash", "--norc", "-c", script], { encoding: "utf8" });
  const printed = /^f \(\)\s*\n\{ \n(.*)\n\}\n$/s.exec(run.stdout)?.[1];
  return run.status === 0 && printed !== undefined ? printed : null;
}

/** The first word of each command, in order of the alphabet; null when the text is refused. */
function programsIn(text: string): string[] | null {
  const programs: string[] = [];
  let isRefused = false;
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Script" && "errors" in node && node.errors !== undefined) isRefused = true;
    // Bash names a coprocess when it prints it.
    if (node.type === "Coproc") return;
    if (node.type === "Command") programs.push(node.name?.value.replace(/\s+/g, "") ?? "");
    forEachChild(node, visit);
  };
  visit(parse(text));
  return isRefused ? null : programs.sort();
}
