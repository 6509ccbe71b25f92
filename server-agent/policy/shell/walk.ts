import type * as ast from "unbash";
import { ask } from "../parts.ts";
import { countAssignments } from "./assignments.ts";
import { argvsOf, expandWord, type Known } from "./expand.ts";
import { listingOf } from "./outputs.ts";
import { judgeRedirections } from "./redirections.ts";
import { MOST_STEPS, report, type Scene } from "./scene.ts";
import { judgeWords, walkSimple } from "./simple-command.ts";
import { isSame, join, straight, withUnknown, withVariable, type Flow, type Input, type State } from "./state.ts";
import { judgeVariable } from "./variables.ts";
import { NAME } from "./words.ts";

/** Follows a script in the order in which it would run, judging each command with what is known there. */
export function walkScript(script: ast.ParsedScript, state: State, scene: Scene): Flow {
  if (script.errors !== undefined && script.errors.length > 0) {
    report(scene, null, [ask(`it cannot be parsed: ${script.errors.map(({ message }) => message).join(", ")}`)]);
    return straight(state);
  }
  return walkStatements(script.commands, state, scene);
}

function walkStatements(statements: readonly ast.Statement[], state: State, scene: Scene): Flow {
  let flow = straight(state);
  for (const statement of statements) {
    const before = join(flow.ok, flow.fail);
    flow = walkNode(statement.command, before, scene);
    if (statement.background) flow = straight(before);
  }
  return flow;
}

export function walkNode(node: ast.PipelineNode | ast.AndOr | ast.CompoundList, state: State, scene: Scene): Flow {
  scene.budget.steps += 1;
  if (scene.budget.steps > MOST_STEPS) {
    if (scene.budget.steps === MOST_STEPS + 1) report(scene, null, [ask("it is too long to follow")]);
    return straight(state);
  }
  switch (node.type) {
    case "Command":
      return walkSimple(node, state, scene);
    case "CompoundList":
      return walkStatements(node.commands, state, scene);
    case "AndOr":
      return walkAndOr(node, state, scene);
    case "Pipeline":
      return walkPipeline(node, state, scene);
    case "Redirected":
      return walkRedirected(node, state, scene);
    case "Function":
      return define(node, state, scene);
    case "Coproc":
      walkNode(node.body, { ...state, input: { from: "somewhere" } }, scene);
      return straight(withUnknown(state, ["COPROC", node.name?.value ?? "COPROC"]));
    case "BraceGroup":
      return walkNode(node.body, state, scene);
    case "Subshell":
      walkNode(node.body, state, scene);
      return straight(state);
    case "If":
      return walkIf(node, state, scene);
    case "Case":
      return walkCase(node, state, scene);
    case "TestCommand":
    case "ArithmeticCommand":
      judgeWords(node, state, scene);
      return straight(node.type === "ArithmeticCommand" ? withNumbers(node, state) : state);
    case "For":
    case "ArithmeticFor":
    case "Select":
    case "While":
      return walkLoop(node, state, scene);
  }
}

type If = ast.If;
type Loop = ast.For | ast.ArithmeticFor | ast.Select | ast.While;

function walkAndOr({ commands, operators }: ast.AndOr, state: State, scene: Scene): Flow {
  const [first, ...others] = commands;
  if (first === undefined) return straight(state);
  let flow = walkNode(first, state, scene);
  for (const [at, command] of others.entries()) {
    if (operators[at] === "&&") {
      const next = walkNode(command, flow.ok, scene);
      flow = { ok: next.ok, fail: join(flow.fail, next.fail) };
    } else {
      const next = walkNode(command, flow.fail, scene);
      flow = leaves(command) ? straight(flow.ok) : { ok: join(flow.ok, next.ok), fail: next.fail };
    }
  }
  return flow;
}

/** `cd build || exit 1`: what follows runs only after success. */
function leaves(node: ast.PipelineNode): boolean {
  if (node.type === "Command") return node.name?.text === "exit";
  const last = node.type === "BraceGroup" ? node.body.commands.at(-1)?.command : undefined;
  return last !== undefined && last.type !== "AndOr" && leaves(last);
}

/** Each command of a pipeline runs in a shell of its own; the next reads what it prints. */
function walkPipeline({ commands, prefixes }: ast.Pipeline, state: State, scene: Scene): Flow {
  const [only] = commands;
  if (commands.length === 1 && only !== undefined) {
    const flow = walkNode(only, state, scene);
    const isNegated = prefixes.filter(({ type }) => type === "Negation").length % 2 === 1;
    return isNegated ? { ok: flow.fail, fail: flow.ok } : flow;
  }
  for (const [at, command] of commands.entries()) {
    const input =
      at === 0 ? state.input : pipeFrom(commands.slice(0, at), { state, splitsOddly: scene.mentions("IFS") });
    walkNode(command, { ...state, input }, scene);
  }
  return straight(state);
}

function pipeFrom(commands: readonly ast.CommandNode[], from: Known): Input {
  const argvs = argvsOf(commands, from);
  const listing = argvs === null ? null : listingOf(argvs);
  return listing === null ? { from: "somewhere" } : { from: "list", ...listing };
}

function walkRedirected({ command, redirects }: ast.Redirected, state: State, scene: Scene): Flow {
  for (const redirect of redirects) judgeWords(redirect, state, scene);
  const { input, findings } = judgeRedirections(redirects, { state, splitsOddly: scene.mentions("IFS") }, scene);
  report(scene, null, findings);
  const flow = walkNode(command, { ...state, input: input ?? state.input }, scene);
  const back = (after: State): State => ({ ...after, input: state.input });
  return { ok: back(flow.ok), fail: back(flow.fail) };
}

/** A function is judged where it is called, with what it is called with. */
function define({ name, body }: ast.Function, state: State, scene: Scene): Flow {
  const bodies = scene.functions.get(name.value) ?? [];
  if (!bodies.includes(body)) scene.functions.set(name.value, [...bodies, body]);
  return straight(state);
}

function walkIf(node: If, state: State, scene: Scene): Flow {
  const clause = walkNode(node.clause, state, scene);
  const ends = [walkNode(node.then, clause.ok, scene)];
  let otherwise = clause.fail;
  for (const elif of node.elif) {
    const next = walkNode(elif.clause, otherwise, scene);
    ends.push(walkNode(elif.then, next.ok, scene));
    otherwise = next.fail;
  }
  ends.push(node.else ? walkNode(node.else, otherwise, scene) : straight(otherwise));
  return straight(ends.flatMap(({ ok, fail }) => [ok, fail]).reduce(join));
}

function walkCase(node: ast.Case, state: State, scene: Scene): Flow {
  judgeWords(node, state, scene);
  let after = state;
  for (const item of node.items) {
    judgeWords(item, state, scene);
    const flow = walkNode(item.body, after === state ? state : join(state, after), scene);
    after = join(after, join(flow.ok, flow.fail));
  }
  return straight(after);
}

/** Walks the body until another turn would change nothing; only the last walk counts. */
function walkLoop(node: Loop, state: State, scene: Scene): Flow {
  judgeWords(node, state, scene);
  if (node.type === "For" || node.type === "Select") report(scene, null, judgeVariable(node.name.value, null));
  const turn = (from: State, into: Scene): State => walkTurn(node, from, into);
  let before =
    scene.mentions("break") || scene.mentions("continue") ? withUnknown(state, countAssignments(node).keys()) : state;
  for (;;) {
    const after = join(before, turn(before, { ...scene, parts: [] }));
    if (isSame(after, before) || scene.budget.steps > MOST_STEPS) break;
    before = after;
  }
  return straight(join(before, turn(before, scene)));
}

function walkTurn(node: Loop, state: State, scene: Scene): State {
  let inside = state;
  if (node.type === "While") {
    const clause = walkNode(node.clause, state, scene);
    inside = node.kind === "while" ? clause.ok : clause.fail;
  } else if (node.type === "ArithmeticFor") inside = withNumbers(node, state);
  else inside = withVariable(state, node.name.value, itemOf(node, { state, splitsOddly: scene.mentions("IFS") }));
  const flow = walkNode(node.body, inside, scene);
  return join(flow.ok, flow.fail);
}

/** What the variable of a loop holds in any turn. */
function itemOf({ wordlist }: ast.For | ast.Select, from: Known): string | null {
  const words = (wordlist ?? []).flatMap((word) => expandWord(word, from));
  const texts = words.map(({ text }) => text);
  const [first = null] = texts;
  if (texts.every((text) => text === first)) return first;
  const isPlain = texts.every(
    (text) => text !== null && /^[\w.:+@%\uE000][\w.:+@%\uE000-]*$/.test(text) && !/^\.+$/.test(text),
  );
  return isPlain ? NAME : null;
}

function withNumbers(node: ast.ArithmeticFor | ast.ArithmeticCommand, state: State): State {
  let after = state;
  for (const name of countAssignments(node.type === "ArithmeticFor" ? { ...node, body: EMPTY } : node).keys()) {
    after = withVariable(after, name, NAME);
  }
  return after;
}

const EMPTY: ast.CompoundList = { type: "CompoundList", pos: 0, end: 0, commands: [] };
