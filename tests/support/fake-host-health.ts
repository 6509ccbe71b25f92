import { implement } from "@orpc/server";
import type { AgentHold, AgentName } from "../../contract/agents.ts";
import { health } from "../../contract/health.ts";
import { agent } from "./fake-host-scenes.ts";
import type { World } from "./fake-host-world.ts";

const MEGABYTE = 1024 * 1024;

/** How the agents of a scene are: those that work take more than the others. */
export function healthHandlers(world: World) {
  const os = implement(health);
  const known = () => world.state.agents;
  const tell = (name: AgentName, hold: AgentHold | null) =>
    world.setAgent(agent(name, hold ? { state: "held", hold } : {}));
  return {
    usage: os.usage.handler(() =>
      known().map(({ name, state }) => {
        if (state === "offline" || state === "held") return { name, cpuPercent: null, memoryBytes: null, todayUsd: 0 };
        const isWorking = state === "working";
        return {
          name,
          cpuPercent: isWorking ? 23.4 : 0.3,
          memoryBytes: (isWorking ? 182 : 41) * MEGABYTE,
          todayUsd: 0,
        };
      }),
    ),
    start: os.start.handler(({ input: { name } }) => tell(name, null)),
    keepStopped: os.keepStopped.handler(({ input: { name } }) => {
      const hold = known().find((other) => other.name === name)?.hold;
      if (hold) tell(name, { ...hold, kept: true });
    }),
  };
}
