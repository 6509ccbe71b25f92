import { AppError } from "../../contract/errors.ts";
import type { Wishes } from "../../contract/provision.ts";
import { ModelName } from "../../contract/status.ts";

/** What a person chose about the server with options. */
export function readWishes(model: string | undefined): Wishes {
  if (model === undefined) return {};
  const known = ModelName.safeParse(model);
  if (!known.success)
    throw new AppError("app.bad_input", `No model is called ${model}`, { hint: "simulated or anthropic" });
  return { model: known.data };
}
