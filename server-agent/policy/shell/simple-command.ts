import type * as ast from "unbash";
import { ask } from "../parts.ts";
import { assign } from "./assignments.ts";
import { BUILTINS } from "./builtins.ts";
import { expandText, expandWord, type Known } from "./expand.ts";
import { inspectExpansions, setByExpansions } from "./expansions.ts";
import { judgeProgram } from "./judge-program.ts";
import { judgeRedirections } from "./redirections.ts";
import { DEEPEST, report, type Running, type Scene } from "./scene.ts";
import { join, straight, withVariable, type Flow, type Input, type State } from "./state.ts";
import { judgeVariable } from "./variables.ts";
import { known, unknown, type Word } from "./words.ts";

/** One command with its assignments and redirections: judges all of it, and says where it leads. */
export function walkSimple(command: ast.Command, before: State, scene: Scene): Flow {
  const splitsOddly = scene.mentions("IFS");
  judgeWords(command, before, scene);
  let state = before;
  for (const [name, value] of setByExpansions(command)) {
    report(scene, null, judgeVariable(name, value));
    state = withVariable(state, name, value);
  }
  const from: Known = { state, splitsOddly };

  const prefix = command.prefix.filter((item) => item.type === "Assignment");
  const assigned = assign(prefix, from);
  report(scene, null, assigned.findings);
  const redirected = judgeRedirections(command.redirects, from, scene);
  report(scene, command.name?.value ?? null, redirected.findings);
  if (command.name === undefined) return straight(assigned.state);

  const input = redirected.input ?? state.input;
  const argv = [command.name, ...command.args].flatMap((argument) => wordsOf(argument, from));
  const assignments = command.args.filter((item) => item.type === "Assignment");
  if (argv.length === 0) return straight(state);
  return runArgv(argv, { scene, state, input, assignments });
}

/** Scripts within words run in a shell of their own. */
export function judgeWords(node: ast.SyntaxNode, state: State, scene: Scene): void {
  const from: Known = { state, splitsOddly: scene.mentions("IFS") };
  const findings = inspectExpansions(node, from, (script, stdin) => {
    const input: Input = stdin === "piped" ? { from: "somewhere" } : state.input;
    scene.walker.script(script, { ...state, input }, { ...scene, depth: scene.depth + 1 });
  });
  report(scene, null, findings);
}

function wordsOf(argument: ast.CommandArgument, from: Known): Word[] {
  if (argument.type === "Word") return expandWord(argument, from);
  const value = argument.value.type === "ArrayValue" ? "" : expandText(argument.value, from);
  return [value === null ? unknown(argument.text) : known(`${argument.name}=${value}`, argument.text)];
}

export function runArgv(argv: readonly Word[], running: Running): Flow {
  const { scene, state } = running;
  const [name, ...args] = argv;
  if (name === undefined) return straight(state);
  if (scene.depth > DEEPEST) {
    report(scene, null, [ask("it is nested too deeply to follow")]);
    return straight(state);
  }
  const bodies = scene.functions.get(name.text ?? "") ?? [];
  const flows = bodies.map((body) => callFunction(body, args, running));
  const builtin = BUILTINS.get(name.text ?? "");
  if (builtin) flows.push(builtin(args, running));
  if (bodies.length === 0 || isProgram(name, scene)) judgeProgram(argv, running, scene);
  if (flows.length === 0) return straight(state);
  return flows.reduce((one, other) => ({ ok: join(one.ok, other.ok), fail: join(one.fail, other.fail) }));
}

/** A function of the same name may not be defined when it is called: then the program runs. */
function isProgram(name: Word, { ground }: Scene): boolean {
  return ground.rules.programs.includes(name.text ?? "");
}

function callFunction(body: ast.Function["body"], args: readonly Word[], { scene, state, input }: Running): Flow {
  let inside: State = { ...state, input };
  for (let at = 1; at <= 9; at += 1)
    inside = withVariable(inside, String(at), args[at - 1]?.text ?? (at > args.length ? "" : null));
  const flow = scene.walker.node(body, inside, { ...scene, depth: scene.depth + 1 });
  const back = (after: State): State => ({ ...after, input: state.input });
  return { ok: back(flow.ok), fail: back(flow.fail) };
}
