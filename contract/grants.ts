import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";
import { ActionPattern, Grant } from "./permissions.ts";

/** The longest time for which a person can let an agent go unasked, in minutes: a week. */
export const MAX_GRANT_MINUTES = 7 * 24 * 60;
export const GrantMinutes = z.number().int().min(1).max(MAX_GRANT_MINUTES);

export const grants = {
  /** Those that have not ended, newest first. */
  list: api.output(z.array(Grant)),
  /** `id` is made by the caller: twice is once. */
  give: api
    .input(z.object({ id: z.string().min(8).max(64), agent: AgentName, covers: ActionPattern, minutes: GrantMinutes }))
    .output(Grant),
  /** Ends it at once; one that has ended stays so. */
  revoke: api.input(z.object({ id: z.string() })).output(z.void()),
};
