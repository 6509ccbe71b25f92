import { implement } from "@orpc/server";
import { agents, type AgentDefinition } from "../../contract/agent-settings.ts";
import type { AgentName } from "../../contract/agents.ts";
import { defineTeam } from "../../server-agent/agent-settings/definitions.ts";
import { NO_OVERRIDES } from "../../server-agent/agent-settings/last-good.ts";
import { never, refuse } from "./fake-host-answers.ts";
import type { World } from "./fake-host-world.ts";

const SHIPPED = defineTeam(NO_OVERRIDES);

/** The agents of a scene: as shipped, until a test or the page changes them. */
export function agentsHandlers({ state, scene }: World) {
  const os = implement(agents);
  const get = (name: AgentName) => state.definitions.get(name) ?? SHIPPED[name];
  return {
    list: os.list.handler(() => Object.values(SHIPPED).map(({ name }) => get(name))),
    get: os.get.handler(({ input, signal }) => {
      if (scene.definitionsSilent) return never(signal);
      if (scene.definitionsError) throw refuse(scene.definitionsError.code, scene.definitionsError.message);
      const folder = "/etc/ai-infrastructure/agents";
      const problems = scene.status?.definitionProblems ?? [];
      return { definition: get(input.name), teamRules: "# How the team works", folder, problems };
    }),
    update: os.update.handler(({ input: { name, change, revision } }) => {
      const before = get(name);
      if (revision !== before.revision) throw refuse("agents.changed_meanwhile", `The ${name} agent was changed`);
      const { prompt, ...settings } = change;
      const after = { ...before, settings: { ...before.settings, ...settings }, prompt: prompt ?? before.prompt };
      const changed = Object.keys(change) as AgentDefinition["changed"];
      const definition = { ...after, changed, revision: `${before.revision}+` };
      state.definitions.set(name, definition);
      return definition;
    }),
    reset: os.reset.handler(({ input }) => {
      state.definitions.delete(input.name);
      return SHIPPED[input.name];
    }),
  };
}
