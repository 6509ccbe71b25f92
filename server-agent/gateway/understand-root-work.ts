import { BrokerCall } from "../../contract/broker.ts";
import { describeCall } from "../../contract/broker-rules.ts";

/** A request for one of the tools that work as root, and its words for people. */
export interface RootRequest {
  readonly tool: BrokerCall["tool"];
  readonly input: Record<string, unknown>;
  readonly does: string;
}

const SHOW = /^(?:show|check|get)(?: me)? (?:the )?status of (?:the )?(?:service |unit )?(\S+)$/i;
const CHANGE = /^(start|stop|restart|reload|enable|disable) (?:the )?(?:service|unit) (\S+)$/i;
const NGINX = /^(test|reload) (?:the )?(?:configuration of )?nginx$/i;
const INSTALL = /^install (?:the )?packages? (\S+)$/i;
const RUN = /^run as root:? `?([^`]+)`?$/i;

/** Null for words that ask for nothing of the kind. */
export function understandRootWork(words: string): RootRequest | null {
  const call = BrokerCall.safeParse(asCall(words)).data;
  return call ? { tool: call.tool, input: call.input, does: describeCall(call) } : null;
}

function asCall(words: string): unknown {
  if (/^docker ps$/i.test(words)) return { tool: "docker", input: { request: { action: "ps" } } };
  const shown = SHOW.exec(words);
  if (shown) return { tool: "systemd", input: { action: "status", unit: shown[1] } };
  const changed = CHANGE.exec(words);
  if (changed) return { tool: "systemd", input: { action: changed[1]?.toLowerCase(), unit: changed[2] } };
  const nginx = NGINX.exec(words);
  if (nginx) return { tool: "nginx", input: { request: { action: nginx[1]?.toLowerCase() } } };
  const install = INSTALL.exec(words);
  if (install) return { tool: "packages", input: { action: "install", names: [install[1]] } };
  const run = RUN.exec(words);
  return run && { tool: "run_as_root", input: { argv: run[1]?.trim().split(/\s+/), reason: "The request says so." } };
}
