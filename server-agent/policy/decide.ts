import { LEVEL_RULES, ToolName, type Destructive, type Grant, type PolicyRule } from "../../contract/permissions.ts";
import type { AgentName, Level } from "../../contract/agents.ts";
import { covers, isExact, touches } from "./match-pattern.ts";
import { deny, part, type Finding, type Ground, type Part } from "./parts.ts";
import type { PolicyInForce } from "./read-policy.ts";
import { TOOL_JUDGES } from "./tool-calls.ts";

/** One use of a tool, as the agent asks for it. */
export interface ToolCall {
  readonly agent: AgentName;
  readonly tool: string;
  readonly input: unknown;
}

/** What the answer depends on besides the call and the level. */
export interface DecisionGround {
  readonly workspace: string;
  readonly policy: PolicyInForce;
  readonly grants: readonly Grant[];
  readonly now: Date;
}

export type Verdict =
  | { readonly verdict: "allow" }
  | { readonly verdict: "deny"; readonly reason: string }
  | { readonly verdict: "ask"; readonly question: string; readonly destructive: Destructive | null };

/**
 * May this call run? A call is allowed when each thing it does is: by the level, else by the policy file, else by a
 * grant; otherwise a person is asked. Pure, and the same for the same input. Never throws.
 */
export function decide(call: ToolCall, level: Level, ground: DecisionGround): Verdict {
  const tool = ToolName.safeParse(call.tool);
  if (!tool.success) return { verdict: "deny", reason: `There is no tool ${call.tool}` };
  const rules = LEVEL_RULES[level];
  if (!rules.tools.includes(tool.data)) {
    return { verdict: "deny", reason: `${tool.data} is no tool of level ${level} ("${rules.name}")` };
  }
  const parts = judge(tool.data, call.input, { rules, workspace: ground.workspace });
  const asked = { agent: call.agent, level, tool: tool.data };
  const open = parts.map((one) => ({ one, findings: remaining(one, asked, ground) }));
  return sumUp(open.flatMap(({ findings }) => findings));
}

function judge(tool: ToolName, input: unknown, ground: Ground): Part[] {
  try {
    return TOOL_JUDGES[tool](input, ground);
  } catch (error) {
    return [part({}, [deny(`it could not be judged: ${error instanceof Error ? error.message : String(error)}`)])];
  }
}

interface Asked {
  readonly agent: AgentName;
  readonly level: Level;
  readonly tool: ToolName;
}

/** The findings of a part that neither the policy file nor a grant answers. */
function remaining(one: Part, asked: Asked, { policy, grants, now }: DecisionGround): readonly Finding[] {
  if (policy.state === "broken") return one.findings;
  const isFor = (rule: PolicyRule): boolean =>
    (rule.agents?.includes(asked.agent) ?? true) && (rule.levels?.includes(asked.level) ?? true);
  const denied = policy.policy.deny.find((rule) => isFor(rule) && touches(rule, asked.tool, one));
  if (denied) return [deny(`the policy of this server forbids ${nameOf(one, asked.tool)}`)];

  const lasting = grants.filter(({ agent, until }) => agent === asked.agent && now.getTime() < Date.parse(until));
  const approvals = policy.policy.autoApprove.filter(isFor).filter((rule) => covers(rule, asked.tool, one));
  const given = lasting.map(({ covers: pattern }) => pattern).filter((pattern) => covers(pattern, asked.tool, one));
  return one.findings.filter((finding) => {
    if (finding.verdict === "deny" || finding.personOnly) return true;
    if (finding.destructive) return !given.some(isExact);
    return approvals.length === 0 && given.length === 0;
  });
}

function nameOf({ program, verb, targets }: Part, tool: ToolName): string {
  return [program ?? tool, verb, ...targets].filter((text) => text !== null).join(" ");
}

function sumUp(findings: readonly Finding[]): Verdict {
  const reasons = (verdict: Finding["verdict"]): string =>
    [...new Set(findings.filter((finding) => finding.verdict === verdict).map(({ reason }) => reason))].join("; ");
  if (findings.some(({ verdict }) => verdict === "deny")) return { verdict: "deny", reason: reasons("deny") };
  if (findings.length === 0) return { verdict: "allow" };
  const lost = findings.map(({ destructive }) => destructive).filter((destructive) => destructive !== undefined);
  const [first] = lost;
  if (lost.some(({ kind }) => kind !== first?.kind)) {
    return {
      verdict: "deny",
      reason: `it destroys things of several kinds (${reasons("ask")}): do one after the other`,
    };
  }
  const targets = [...new Set(lost.flatMap((destructive) => destructive.targets))];
  return { verdict: "ask", question: reasons("ask"), destructive: first === undefined ? null : { ...first, targets } };
}
