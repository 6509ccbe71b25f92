import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import { RebootAt, type Wishes } from "../../contract/provision.ts";
import { ModelName } from "../../contract/status.ts";

/** Options that say how a server should be. */
export interface WishOptions {
  readonly model?: string | undefined;
  readonly docker?: boolean | undefined;
  readonly qdrant?: string | undefined;
  readonly "reboot-at"?: string | undefined;
  readonly "package-updates"?: boolean | undefined;
}

/** What the options ask for; what they do not name stays as it is. */
export function readWishes({ model, docker, qdrant, ...options }: WishOptions): Wishes {
  return {
    ...readModel(model),
    ...(docker !== undefined && { docker }),
    ...(qdrant !== undefined && { qdrant: path.resolve(qdrant) }),
    ...readRebootAt(options["reboot-at"]),
    ...(options["package-updates"] && { packageUpdates: true }),
  };
}

function readModel(model: string | undefined): Wishes {
  if (model === undefined) return {};
  const known = ModelName.safeParse(model);
  if (!known.success)
    throw new AppError("app.bad_input", `No model is called ${model}`, { hint: "simulated or anthropic" });
  return { model: known.data };
}

function readRebootAt(text: string | undefined): Wishes {
  if (text === undefined) return {};
  const rebootAt = RebootAt.safeParse(text);
  if (!rebootAt.success)
    throw new AppError("app.bad_input", `No time of day is ${text}`, { hint: "--reboot-at 04:00, or never" });
  return { rebootAt: rebootAt.data };
}
