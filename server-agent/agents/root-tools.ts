import type { z } from "zod";
import { BROKER_TOOLS, type BrokerCall } from "../../contract/broker.ts";
import { describeCall } from "../../contract/broker-rules.ts";
import { type AgentTool, defineTool } from "./agent-tool.ts";
import type { BrokerClient } from "./broker-client.ts";

const MAY_ASK = "Reading is free; a change may need a person's approval, which is asked for by itself.";

/** The tools that work as root. Each hands its input to the broker as it is. */
export const ROOT_TOOLS = {
  systemd: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "systemd",
      description: `Shows, starts, stops, restarts, reloads, enables or disables a service of this server. ${MAY_ASK}`,
      schema: BROKER_TOOLS.systemd,
      toCall: (input) => ({ tool: "systemd", input }),
    }),
  nginx: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "nginx",
      description: `Tests or reloads nginx, or writes one site, which then serves at once if nginx accepts it. ${MAY_ASK}`,
      schema: BROKER_TOOLS.nginx,
      toCall: (input) => ({ tool: "nginx", input }),
    }),
  docker: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "docker",
      description: `Lists, runs, stops and removes containers, reads their logs, pulls images, prunes, and runs projects of several containers. Ports are published on 127.0.0.1 only; of the host's folders only /workspace and /var/www can be mounted. ${MAY_ASK}`,
      schema: BROKER_TOOLS.docker,
      toCall: (input) => ({ tool: "docker", input }),
    }),
  packages: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "packages",
      description: "Installs Debian packages from the sources of this server. A person is asked first.",
      schema: BROKER_TOOLS.packages,
      toCall: (input) => ({ tool: "packages", input }),
    }),
  snapshots: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "snapshots",
      description: `Lists what was kept before destructive actions, or puts one back. ${MAY_ASK}`,
      schema: BROKER_TOOLS.snapshots,
      toCall: (input) => ({ tool: "snapshots", input }),
    }),
  run_as_root: (broker: BrokerClient): AgentTool =>
    rootTool(broker, {
      name: "run_as_root",
      description:
        "Runs one program as root, without a shell: argv is the program and its words. A person is always asked first, so say why. Use it only for what no other tool does.",
      schema: BROKER_TOOLS.run_as_root,
      toCall: (input) => ({ tool: "run_as_root", input }),
    }),
} as const;

interface RootTool<Schema extends z.ZodType> {
  readonly name: BrokerCall["tool"];
  readonly description: string;
  readonly schema: Schema;
  readonly toCall: (input: z.infer<Schema>) => BrokerCall;
}

function rootTool<Schema extends z.ZodType>(broker: BrokerClient, tool: RootTool<Schema>): AgentTool {
  return defineTool({
    name: tool.name,
    description: tool.description,
    inputSchema: tool.schema,
    summary: (input) => describeCall(tool.toCall(input)),
    run: async (input, { signal, onOutput }) => await broker.ask(tool.toCall(input), { signal, onOutput }),
  });
}
