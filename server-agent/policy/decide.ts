import path from "node:path";
import type { Destructive } from "../../contract/approvals.ts";
import {
  type ActionPattern,
  type Grant,
  LEVEL_RULES,
  type LevelRules,
  McpToolName,
  type PolicyRule,
  ToolName,
} from "../../contract/permissions.ts";
import type { AgentName, Level } from "../../contract/agents.ts";
import { covers, isExact, touches } from "./match-pattern.ts";
import { ask, deny, part, type Finding, type Ground, type Part } from "./parts.ts";
import type { PolicyInForce } from "./read-policy.ts";
import { TOOL_JUDGES } from "./tool-calls.ts";

/** One use of a tool, as the agent asks for it. */
export interface ToolCall {
  readonly agent: AgentName;
  readonly tool: string;
  readonly input: unknown;
  /** Where the task works, relative to the workspace; in the workspace itself without it. */
  readonly folder?: string | undefined;
}

/** What the answer depends on besides the call and the level. */
export interface DecisionGround {
  readonly workspace: string;
  readonly policy: PolicyInForce;
  readonly grants: readonly Grant[];
  readonly now: Date;
}

export type Verdict =
  /** `because`: the grants and auto-approvals without which it would have asked. */
  | { readonly verdict: "allow"; readonly because?: string; readonly granted?: readonly Destructive[] }
  | { readonly verdict: "deny"; readonly reason: string }
  | {
      readonly verdict: "ask";
      readonly question: string;
      readonly destructive: Destructive | null;
      /** What it would destroy besides, as grants allow. */
      readonly granted?: readonly Destructive[];
    };

/**
 * May this call run? A call is allowed when each thing it does is: by the level, else by the policy file, else by a
 * grant; otherwise a person is asked. Pure, and the same for the same input. Never throws.
 */
export function decide(call: ToolCall, level: Level, ground: DecisionGround): Verdict {
  const { tool } = call;
  const rules = LEVEL_RULES[level];
  if (!isTool(tool)) return { verdict: "deny", reason: `There is no tool ${call.tool}` };
  if (!isOfLevel(tool, rules)) {
    return { verdict: "deny", reason: `${tool} is no tool of level ${level} ("${rules.name}")` };
  }
  const parts = judge(tool, call.input, placed(rules, call, ground));
  const asked = { agent: call.agent, level, tool };
  const answered = parts.map((one) => answer(one, asked, ground));
  const verdict = sumUp(answered.flatMap(({ open }) => open));
  if (verdict.verdict === "deny") return verdict;
  const because = [...new Set(answered.flatMap((one) => one.because))].join(", ");
  const granted = answered.flatMap((one) => one.granted);
  return {
    ...verdict,
    ...(verdict.verdict === "allow" && because !== "" && { because }),
    ...(granted.length > 0 && { granted }),
  };
}

/**
 * What a person could let the agent do for some time, so that this call would not ask: one pattern for each thing that
 * asks now. None when one of them is a person's each time, or the call does not ask.
 */
export function grantablePatterns(call: ToolCall, level: Level, ground: DecisionGround): ActionPattern[] {
  const { tool } = call;
  if (!isTool(tool) || decide(call, level, ground).verdict !== "ask") return [];
  const parts = judge(tool, call.input, placed(LEVEL_RULES[level], call, ground));
  const asking = parts.filter((one) => one.findings.length > 0);
  const patterns = asking.map((one) => patternOf(tool, one));
  if (patterns.some(({ program, target }) => program === undefined && target === undefined)) return [];
  const grants = patterns.map((covered, index) => {
    return { id: `try-${index}`, agent: call.agent, covers: covered, until: TRIED_UNTIL, givenBy: "nobody" };
  });
  const wouldAllow = decide(call, level, { ...ground, grants: [...ground.grants, ...grants] }).verdict === "allow";
  return wouldAllow ? patterns : [];
}

const TRIED_UNTIL = "9999-12-31T23:59:59.000Z";

function placed(rules: LevelRules, { folder = "" }: ToolCall, { workspace }: DecisionGround): Ground {
  return { rules, workspace, folder: path.join(workspace, folder) };
}

type Tool = ActionPattern["tool"];

function isTool(tool: string): tool is Tool {
  return ToolName.safeParse(tool).success || McpToolName.safeParse(tool).success;
}

function isOfLevel(tool: string, { tools }: LevelRules): boolean {
  if (McpToolName.safeParse(tool).success) return tools.includes("run_command");
  return tools.some((name) => name === tool);
}

function patternOf(tool: Tool, { program, verb, targets }: Part): ActionPattern {
  const [target] = targets;
  return {
    tool,
    ...(program !== null && { program }),
    ...(verb !== null && { verb }),
    ...(target !== undefined && targets.length === 1 && { target }),
  };
}

function judge(name: Tool, input: unknown, ground: Ground): Part[] {
  const tool = ToolName.safeParse(name);
  // What a server of somebody else's does with a call is not known here.
  if (!tool.success) return [part({}, [ask(`it uses ${name}, a tool of an MCP server`)])];
  try {
    return TOOL_JUDGES[tool.data](input, ground);
  } catch (error) {
    return [part({}, [deny(`it could not be judged: ${error instanceof Error ? error.message : String(error)}`)])];
  }
}

interface Asked {
  readonly agent: AgentName;
  readonly level: Level;
  readonly tool: Tool;
}

interface Answered {
  /** What neither the policy file nor a grant answers. */
  readonly open: readonly Finding[];
  readonly because: readonly string[];
  /** What grants allow to be destroyed. */
  readonly granted: readonly Destructive[];
}

function answer(one: Part, asked: Asked, { policy, grants, now }: DecisionGround): Answered {
  if (policy.state === "broken") return { open: one.findings, because: [], granted: [] };
  const isFor = (rule: PolicyRule): boolean =>
    (rule.agents?.includes(asked.agent) ?? true) && (rule.levels?.includes(asked.level) ?? true);
  const denied = policy.policy.deny.some((rule) => isFor(rule) && touches(rule, asked.tool, one));
  if (denied) {
    const reason = `the policy of this server forbids ${nameOf(one, asked.tool)}`;
    return { open: [deny(reason)], because: [], granted: [] };
  }

  const isApproved = policy.policy.autoApprove.some((rule) => isFor(rule) && covers(rule, asked.tool, one));
  const lasting = grants.filter(({ agent, until }) => agent === asked.agent && now.getTime() < Date.parse(until));
  const given = lasting.filter((grant) => covers(grant.covers, asked.tool, one));
  const because = new Set<string>();
  const open = one.findings.filter((finding) => {
    if (finding.verdict === "deny" || finding.personOnly) return true;
    const grant = given.find((candidate) => !finding.destructive || isExact(candidate.covers));
    const reason = isApproved && !finding.destructive ? "the policy file" : grant && `grant ${grant.id}`;
    if (reason) because.add(reason);
    return reason === undefined;
  });
  const answered = one.findings.filter((finding) => !open.includes(finding));
  const granted = answered.flatMap(({ destructive }) => destructive ?? []);
  return { open, because: [...because], granted };
}

function nameOf({ program, verb, targets }: Part, tool: Tool): string {
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
  return { verdict: "ask", question: reasons("ask"), destructive: first === undefined ? null : joined(first, lost) };
}

function joined(first: Destructive, lost: readonly Destructive[]): Destructive {
  const targets = [...new Set(lost.flatMap((one) => one.targets))];
  const within = [...new Set(lost.flatMap((one) => one.within ?? []))];
  const remotes = lost.every((one) => one.remotes) ? lost.flatMap((one) => one.remotes ?? []) : null;
  return { kind: first.kind, targets, ...(within.length > 0 && { within }), ...(remotes !== null && { remotes }) };
}
