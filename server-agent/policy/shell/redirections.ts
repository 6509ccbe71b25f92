import type * as ast from "unbash";
import { ask, type Finding } from "../parts.ts";
import { judgeWord, placesOf } from "./call.ts";
import { expandText, expandWord, type Known } from "./expand.ts";
import { judgeOverwrite } from "./overwrites.ts";
import type { Scene } from "./scene.ts";
import type { Input } from "./state.ts";
import { shown, unknown, type Word } from "./words.ts";

/** Judges where output goes and input comes from; gives the input that is left in the end. */
export function judgeRedirections(
  redirections: readonly ast.Redirection[],
  from: Known,
  scene: Scene,
): { readonly input: Input | null; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  let input: Input | null = null;
  for (const redirection of redirections) {
    if (redirection.type === "HereDoc") input = { from: "text", text: bodyOf(redirection.body) };
    else if (redirection.type === "HereString") {
      input = { from: "text", text: redirection.target ? expandText(redirection.target, from) : null };
    } else {
      const target = fileOf(redirection, from);
      if (target === null) continue;
      findings.push(...judgeTarget(redirection, target, { from, scene }));
      const fd = redirection.descriptor;
      if (redirection.operator === "<" && (fd === undefined || (fd.type === "FileDescriptor" && fd.value === 0))) {
        input = target.text?.startsWith("/dev/") ? inputFromDevice(target) : { from: "file", file: target };
      } else if (redirection.operator.startsWith("<")) input = { from: "somewhere" };
    }
  }
  return { input, findings };
}

function inputFromDevice({ text }: Word): Input {
  return text === "/dev/null" ? { from: "nowhere" } : { from: "somewhere" };
}

/** Null for a descriptor (`2>&1`), which names no file. */
function fileOf({ operator, target }: ast.Redirect, from: Known): Word | null {
  const words = target ? expandWord(target, from) : [];
  const word = words.length === 1 ? words[0] : undefined;
  if (operator.endsWith("&") && /^(\d+-?|-)$/.test(word?.text ?? "")) return null;
  return word ?? unknown(target?.text ?? "");
}

function judgeTarget(
  { operator }: ast.Redirect,
  target: Word,
  { from, scene }: { from: Known; scene: Scene },
): Finding[] {
  const { text } = target;
  if (text !== null && /^\/dev\/(tcp|udp)(\/|$)/.test(text)) return [ask(`opens a connection: ${shown(target)}`)];
  const call = { state: from.state, ground: scene.ground };
  if (operator === "<" || operator === "<&") return judgeWord("read", target, call);
  for (const place of placesOf(target, from.state)) scene.made.add(place);
  return judgeOverwrite(target, call);
}

/** Null when something is filled in. */
function bodyOf(body: ast.HereDocBody): string | null {
  if (body.parts === undefined) return body.text;
  const texts = body.parts.map((part) => (part.type === "Literal" ? part.value : null));
  return texts.includes(null) ? null : texts.join("");
}
