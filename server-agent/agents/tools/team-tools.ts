import { z } from "zod";
import { AgentName, SPECIALISTS } from "../../../contract/agents.ts";
import { AppError } from "../../../contract/errors.ts";
import { RepositoryPath } from "../../../contract/worktrees.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";

/** What an agent can ask of the daemon. What waits for an end joins when asked again with the same call id. */
export interface TeamLink {
  delegate(
    call: {
      readonly callId: string;
      readonly agent: (typeof SPECIALISTS)[number];
      readonly request: string;
      readonly repository: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<{ readonly state: "done" | "failed" | "cancelled"; readonly text: string }>;
  askPeer(
    call: { readonly callId: string; readonly agent: AgentName; readonly question: string },
    signal: AbortSignal,
  ): Promise<{ readonly state: "done" | "failed" | "cancelled"; readonly text: string }>;
  handOff(
    call: {
      readonly callId: string;
      readonly agent: AgentName;
      readonly action: string;
      readonly context: string;
    },
    signal: AbortSignal,
  ): Promise<void>;
  broadcast(
    call: { readonly callId: string; readonly action: string; readonly context: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Where no provider of the model searches. */
  searchWeb(
    call: { readonly callId: string; readonly query: string },
    signal: AbortSignal,
  ): Promise<{ readonly text: string }>;
  searchMemory(
    call: { readonly query: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<{ readonly text: string }>;
  runAlgorithm(
    call: { readonly callId: string; readonly request: string; readonly why: string },
    signal: AbortSignal,
  ): Promise<{ readonly state: "done" | "failed" | "cancelled"; readonly text: string }>;
  ask(
    call: { readonly callId: string; readonly action: string; readonly reason: string },
    signal: AbortSignal,
  ): Promise<{ readonly answer: "allowed" | "denied" | "expired" }>;
}

export function delegateTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "delegate",
    description: "Gives work to one specialist and waits for its answer.",
    inputSchema: z.object({
      agent: z.enum(SPECIALISTS),
      request: z.string().min(1).describe("All the specialist needs to know; it does not see this conversation"),
      repository: RepositoryPath.optional().describe(
        "Folder of the git repository it is to change. It then works in a worktree of its own, which begins with the " +
          "last commit, and its changes come back as a branch for you to merge.",
      ),
    }),
    joins: true,
    summary: ({ agent, request }) => `${agent}: ${request}`,
    run: async ({ agent, request, repository }, { callId, signal }) => {
      const { state, text } = await team.delegate({ callId, agent, request, repository }, signal);
      if (state === "done") return text;
      throw new AppError("task.failed", `The ${agent} agent did not finish (${state}): ${text}`);
    },
  });
}

export function askPeerTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "ask_peer",
    description: "Asks another agent of the team a question and waits for its answer. The task stays yours.",
    inputSchema: z.object({
      agent: AgentName,
      question: z.string().min(1).describe("All it needs to know; it does not see this conversation"),
    }),
    joins: true,
    summary: ({ agent, question }) => `${agent}: ${question}`,
    run: async ({ agent, question }, { callId, signal }) => {
      const { state, text } = await team.askPeer({ callId, agent, question }, signal);
      if (state === "done") return text;
      throw new AppError("task.failed", `The ${agent} agent did not answer (${state}): ${text}`);
    },
  });
}

export function handOffTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "hand_off",
    description: "Gives your whole task to another agent, which owns it from then on. Your turn ends with it.",
    inputSchema: z.object({
      agent: AgentName,
      action: z.string().min(1).describe("What it should do"),
      context: z.string().default("").describe("What you have done and found out so far"),
    }),
    joins: true,
    endsTurn: true,
    summary: ({ agent, action }) => `${agent}: ${action}`,
    run: async ({ agent, action, context }, { callId, signal }) => {
      await team.handOff({ callId, agent, action, context }, signal);
      return `The task is with ${agent} now.`;
    },
  });
}

export function broadcastTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "broadcast",
    description: "Tells every other agent something it should know; each reads it when it works next.",
    inputSchema: z.object({ action: z.string().min(1).max(4000), context: z.string().max(20_000).default("") }),
    joins: true,
    summary: ({ action }) => action,
    run: async ({ action, context }, { callId, signal }) => {
      await team.broadcast({ callId, action, context }, signal);
      return "The team has been told.";
    },
  });
}

export function runAlgorithmTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "run_algorithm",
    description:
      "Works on a request in phases: observe, think, plan, define checkable criteria, let the specialists work, let qa " +
      "verify, learn. For work of several parts, or where a mistake is costly; not for questions and small changes.",
    inputSchema: z.object({
      request: z.string().min(1).describe("The whole request, understandable without this conversation"),
      why: z.string().min(1).max(1000).describe("Why it is worth it"),
    }),
    joins: true,
    summary: ({ request }) => request,
    run: async ({ request, why }, { callId, signal }) => {
      const { state, text } = await team.runAlgorithm({ callId, request, why }, signal);
      if (state === "done") return text;
      throw new AppError("task.failed", `The run did not succeed (${state}): ${text}`);
    },
  });
}

export function askPersonTool(team: TeamLink): AgentTool {
  return defineTool({
    name: "ask_person",
    description: "Asks a person to allow one exact action and waits for the answer.",
    inputSchema: z.object({ action: z.string().min(1).max(4000), reason: z.string().max(4000).default("") }),
    joins: true,
    summary: ({ action }) => action,
    run: async ({ action, reason }, { callId, signal }) => {
      const { answer } = await team.ask({ callId, action, reason }, signal);
      return ANSWERS[answer];
    },
  });
}

const ANSWERS = {
  allowed: "Allowed by a person.",
  denied: "Denied by a person. Do not do it.",
  expired: "Nobody answered in time. Do not do it.",
} as const;
