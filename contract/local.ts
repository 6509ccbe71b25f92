import { z } from "zod";
import { api } from "./api-base.ts";
import { ModelName } from "./status.ts";
import { WebSearchWish } from "./web-search.ts";

export const LocalState = z.discriminatedUnion("state", [
  z.object({ state: z.literal("stopped") }),
  /** Its supervisor was killed. What that one started goes on, and nothing starts it again when it ends. */
  z.object({ state: z.literal("unsupervised") }),
  z.object({ state: z.literal("starting"), doing: z.string() }),
  z.object({ state: z.literal("running"), since: z.iso.datetime(), model: ModelName }),
]);
export type LocalState = z.infer<typeof LocalState>;

/** The team on this computer: the same daemon, unprivileged, with a database and a message store of its own. */
export const local = {
  /**
   * Adds the server `local` to the list and connects it. Starting what runs is fine. Without a model: the one it had
   * last, at first the simulated one.
   */
  start: api.input(z.object({ model: ModelName.optional() })).output(LocalState),
  stop: api.output(LocalState),
  status: api.output(LocalState),
  /** Kept in a file only this user can read. Never read back. */
  setModelKey: api.input(z.object({ key: z.string().min(8).max(512) })).output(z.void()),
  /** Sets who searches the web, the key as with `setModelKey`. */
  setWebSearch: api.input(WebSearchWish).output(z.void()),
};
