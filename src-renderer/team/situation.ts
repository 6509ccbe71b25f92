import type { AgentName, AgentStatus } from "../../contract/agents.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { TaskState } from "../../contract/tasks.ts";
import type { Team } from "./state.ts";

export const AGENT_LABELS: Record<AgentName, string> = {
  supervisor: "Supervisor",
  code: "Code",
  data: "Data",
  infra: "Infra",
  research: "Research",
  qa: "QA",
};

/** What each agent is there for, in a few words. */
export const AGENT_ROLES: Record<AgentName, string> = {
  supervisor: "Answers you and shares out the work",
  code: "Writes and changes programs",
  data: "Databases, imports and reports",
  infra: "Packages, services and the system",
  research: "Reads, compares and sums up",
  qa: "Checks what the others did",
};

/** What a person sees of an agent. Only `needs_you` is amber; waiting for another agent is not. */
export type Situation = "needs_you" | "working" | "waiting" | "idle" | "offline" | "stopped";

export const SITUATION_WORDS: Record<Situation, string> = {
  needs_you: "needs you",
  working: "working",
  waiting: "waiting",
  idle: "idle",
  offline: "offline",
  stopped: "stopped",
};

export function situationOf(agent: AgentStatus, approvals: Team["approvals"]): Situation {
  if (openApprovals(approvals).some((approval) => approval.agent === agent.name)) return "needs_you";
  if (agent.state === "held") return agent.hold?.kept ? "stopped" : "needs_you";
  return agent.state;
}

export function openApprovals(approvals: Team["approvals"]): readonly Approval[] {
  return Object.values(approvals).filter((approval) => approval.state === "open");
}

export const TASK_WORDS: Record<TaskState, string> = {
  queued: "queued",
  running: "running",
  waiting: "waiting",
  paused: "paused",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
};

export function isActive(state: TaskState): boolean {
  return state === "queued" || state === "running" || state === "waiting" || state === "paused";
}
