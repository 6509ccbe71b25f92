import { implement } from "@orpc/server";
import { agents } from "../../contract/agent-settings.ts";
import { TEAM_RULES } from "./definitions.ts";
import type { Definitions } from "./open-definitions.ts";

export type DefinitionsApi = Pick<Definitions, "folder" | "list" | "get" | "problems" | "update" | "reset">;

/** Answers people who look at the agents and change them. */
export function agentsHandlers(definitions: DefinitionsApi) {
  const os = implement(agents);
  return {
    list: os.list.handler(() => definitions.list()),
    get: os.get.handler(({ input }) => ({
      definition: definitions.get(input.name),
      teamRules: TEAM_RULES,
      folder: definitions.folder,
      problems: definitions.problems(),
    })),
    update: os.update.handler(async ({ input }) => await definitions.update(input.name, input.change, input.revision)),
    reset: os.reset.handler(async ({ input }) => await definitions.reset(input.name)),
  };
}
