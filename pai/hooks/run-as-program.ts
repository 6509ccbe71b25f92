import path from "node:path";
import { text } from "node:stream/consumers";
import type { HookPlace } from "./hook.ts";
import { parseInput, type HookInput } from "./hook-input.ts";
import { ownHooks } from "./own-hooks.ts";

interface ProgramEnd {
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a hook as any program that starts hooks expects: input on standard input, answer on standard output, exit code. */
export async function runAsProgram(name: string | undefined): Promise<void> {
  const { exitCode, stdout, stderr } = run(name ?? "(none)", await text(process.stdin));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}

function run(name: string, words: string): ProgramEnd {
  let input: HookInput | null = null;
  try {
    input = parseInput(words);
    const hook = ownHooks.get(name);
    if (!hook) throw new Error(`hooks are ${[...ownHooks.keys()].join(", ")}`);
    return hook(input, placeOf(input.cwd));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { exitCode: failureCode(name, input), stdout: "", stderr: `The hook ${name} failed: ${reason}\n` };
  }
}

/** Before a tool a failure blocks. Elsewhere it must not: an agent that may not stop would go on for ever. */
function failureCode(name: string, input: HookInput | null): 1 | 2 {
  if (input) return input.event === "PreToolUse" ? 2 : 1;
  return name === "security-validator" ? 2 : 1;
}

function placeOf(cwd: string): HookPlace {
  const projectDir = path.resolve(process.env["CLAUDE_PROJECT_DIR"] || cwd || ".");
  return {
    agent: process.env["AI_INFRA_AGENT"] || "unknown",
    projectDir,
    paiDir: path.resolve(process.env["PAI_DIR"] || projectDir),
    now: new Date(),
  };
}
