import { z } from "zod";
import type { AgentName } from "../../contract/agents.ts";
import { type BrokerCall, BrokerRequest } from "../../contract/broker.ts";
import { VERB_RULES, type VerbName, verbOf, type VerbRule } from "../../contract/broker-rules.ts";
import { AppError } from "../../contract/errors.ts";
import { actionHash } from "../platform/action-hash.ts";
import type { Caller } from "./caller.ts";

/** A request that its caller may make, if it has been allowed. */
export interface Action {
  /** Null for the daemon or root, who speak for a person. */
  readonly agent: AgentName | null;
  readonly call: BrokerCall;
  readonly verb: VerbName;
  readonly rule: VerbRule;
  /** Of agent, tool and input as they came. */
  readonly hash: string;
}

const Sent = z.object({ call: z.object({ input: z.unknown() }) });

/** Throws when the line is no request, or not one of this caller. */
export function readAction(line: string, caller: Caller): Action {
  if (caller.kind === "stranger") {
    throw new AppError("broker.refused", "This user is none of the agents, so nothing is done for it as root");
  }
  const sent = parseJson(line);
  const request = BrokerRequest.safeParse(sent);
  if (!request.success) {
    throw new AppError("app.bad_input", `The broker cannot do this: ${z.prettifyError(request.error)}`);
  }
  const { agent, call } = request.data;
  const own = caller.kind === "agent" ? caller.agent : null;
  if (agent !== own) {
    throw new AppError(
      "broker.refused",
      `The request says it is from ${agent ?? "a person"}, its user is ${own ?? "not an agent"}`,
    );
  }
  const verb = verbOf(call);
  const rule = VERB_RULES[verb];
  refuseLevel(verb, rule, caller);
  const { input } = Sent.parse(sent).call;
  return { agent, call, verb, rule, hash: actionHash({ agent: agent ?? "", tool: call.tool, input }) };
}

function refuseLevel(verb: VerbName, { level }: VerbRule, caller: Exclude<Caller, { kind: "stranger" }>): void {
  if (caller.kind === "operator" && verb.startsWith("snapshots.")) return;
  const isOperators = verb.startsWith("owned_copies.");
  if (caller.kind === "operator" && isOperators) return;
  if (caller.kind === "agent" && isOperators) throw new AppError("broker.refused", `${verb} is the daemon's alone`);
  if (caller.kind === "agent" && caller.level >= level) return;
  const who =
    caller.kind === "agent" ? `${caller.agent} has level ${caller.level}` : "it is asked for by the daemon itself";
  throw new AppError("broker.refused", `${verb} needs an agent of level ${level}, ${who}`, {
    hint: "Give the work to an agent that may do it.",
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new AppError("app.bad_input", "The broker takes one line of JSON", { cause: error });
  }
}
