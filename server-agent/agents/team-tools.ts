import { z } from "zod";
import { SPECIALISTS } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { defineTool, type AgentTool } from "./agent-tool.ts";

/** What an agent can ask of the daemon. Both wait for the end, and join when asked again with the same call id. */
export interface TeamLink {
  delegate(
    call: { readonly callId: string; readonly agent: (typeof SPECIALISTS)[number]; readonly request: string },
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
    }),
    joins: true,
    summary: ({ agent, request }) => `${agent}: ${request}`,
    run: async ({ agent, request }, { callId, signal }) => {
      const { state, text } = await team.delegate({ callId, agent, request }, signal);
      if (state === "done") return text;
      throw new AppError("task.failed", `The ${agent} agent did not finish (${state}): ${text}`);
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
