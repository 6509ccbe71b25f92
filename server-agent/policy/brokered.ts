import { z } from "zod";
import type { Destructive } from "../../contract/approvals.ts";
import type { ToolName } from "../../contract/permissions.ts";
import { ask, askPerson, part, type Finding, type Part } from "./parts.ts";

/** What the broker does as root, verb by verb: `free` ones look or apply what is there, `asks` ones change what runs. */
type VerbRule = "free" | "asks" | Destructive["kind"];

const VERBS: Readonly<Partial<Record<ToolName, Readonly<Record<string, VerbRule>>>>> = {
  systemd: {
    status: "free",
    reload: "free",
    start: "asks",
    restart: "asks",
    enable: "asks",
    stop: "service",
    disable: "service",
    mask: "service",
  },
  nginx: { test: "free", reload: "free", write_site: "files", remove_site: "files" },
  docker: {
    ps: "free",
    logs: "free",
    pull: "free",
    run: "asks",
    start: "asks",
    restart: "asks",
    compose_up: "asks",
    stop: "container",
    rm: "container",
    prune: "container",
    compose_down: "container",
  },
  packages: { install: "asks" },
  snapshots: { list: "free", restore: "asks" },
};

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

function judgeVerb(tool: ToolName, verb: string, targets: readonly string[]): Finding[] {
  const verbs = VERBS[tool] ?? {};
  const rule = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  const line = [tool, verb, ...targets].join(" ");
  if (rule === undefined) return [askPerson(`${line} is no known action`)];
  if (rule === "free") return [];
  return rule === "asks" ? [ask(line)] : [ask(line, { kind: rule, targets: [...targets] })];
}
