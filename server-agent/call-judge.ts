import type { AgentName, Level } from "../contract/agents.ts";
import type { ActionPattern } from "../contract/permissions.ts";
import { grantsOf } from "./approvals/grants.ts";
import { decide, type DecisionGround, grantablePatterns, type ToolCall } from "./policy/decide.ts";
import type { PolicyFile } from "./policy/policy-file.ts";
import type { Tx } from "./store/open-store.ts";
import type { Judgement } from "./turns/begin-call.ts";

export interface CallJudge {
  /** Within the transaction that acts on the answer: a grant cannot end in between. */
  judge(tx: Tx, call: ToolCall): Promise<Judgement>;
  /** What could be granted so that the call would not ask; none when a person has to see it each time. */
  grantable(call: ToolCall): Promise<ActionPattern[]>;
}

export interface CallJudgeParts {
  readonly policyFile: PolicyFile;
  readonly workspace: string;
  readonly levelOf: (agent: AgentName) => Level;
}

/** Where the policy of this server, what people granted and the levels of the agents meet. */
export function createCallJudge({ policyFile, workspace, levelOf }: CallJudgeParts): CallJudge {
  const withoutGrants = async (): Promise<DecisionGround> => {
    return { workspace, policy: await policyFile.read(), grants: [], now: new Date() };
  };
  return {
    async judge(tx, call) {
      const level = levelOf(call.agent);
      const ground = await withoutGrants();
      const alone = decide(call, level, ground);
      // Grants answer what would be asked, and nothing else.
      if (alone.verdict !== "ask") return alone;
      return decide(call, level, { ...ground, grants: await grantsOf(tx, call.agent) });
    },
    async grantable(call) {
      return grantablePatterns(call, levelOf(call.agent), await withoutGrants());
    },
  };
}
