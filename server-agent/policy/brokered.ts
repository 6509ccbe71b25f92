import { z } from "zod";
import { VERB_RULES, type VerbName } from "../../contract/broker-rules.ts";
import type { ToolName } from "../../contract/permissions.ts";
import { ask, askPerson, part, type Finding, type Part } from "./parts.ts";

const Fields = z.looseObject({
  action: z.string(),
  unit: z.string().optional(),
  name: z.string().optional(),
  names: z.array(z.string()).optional(),
  container: z.unknown().optional(),
  project: z.string().optional(),
  image: z.string().optional(),
  what: z.string().optional(),
  id: z.string().optional(),
});
const BrokeredInput = z.union([Fields, z.object({ request: Fields }).transform(({ request }) => request)]);

/** Judges a verb of a tool that the broker stands behind; what is no known verb of it asks a person. */
export function judgeBrokered(tool: ToolName, input: unknown): Part[] {
  const fields = BrokeredInput.safeParse(input);
  if (!fields.success) return [part({}, [askPerson(`the input of ${tool} is not understood`)])];
  const { action, unit, name, names, container, project, image, what, id } = fields.data;
  const named = [unit, name, ...(names ?? []), container, project, image, what, id];
  const targets = named.filter((value) => typeof value === "string");
  const findings = judgeVerb(tool, action, targets);
  return [part({ verb: action, targets }, findings)];
}

function judgeVerb(tool: ToolName, action: string, targets: readonly string[]): Finding[] {
  const verb = `${tool}.${action}`;
  const line = [tool, action, ...targets].join(" ");
  if (!isVerb(verb)) return [askPerson(`${line} is no known action`)];
  const { asks, destroys } = VERB_RULES[verb];
  if (!asks) return [];
  return destroys === null ? [ask(line)] : [ask(line, { kind: destroys, targets: [...targets] })];
}

function isVerb(verb: string): verb is VerbName {
  return Object.hasOwn(VERB_RULES, verb);
}
