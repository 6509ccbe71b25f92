import { AppError } from "../../../contract/errors.ts";
import type { LocalState } from "../../../contract/local.ts";
import { ModelName } from "../../../contract/status.ts";
import { OK, UNHEALTHY, type Context, type Outcome } from "../context.ts";
import { readModelKey } from "../model-key.ts";

/** The team on this computer. It goes on when this command ends. */
export async function local(context: Context): Promise<Outcome> {
  const [verb = "status"] = context.words;
  const state = await act(context, verb);
  context.screen.print(describe(state));
  return { result: { ok: true, ...state }, exitCode: state.state === "unsupervised" ? UNHEALTHY : OK };
}

async function act(context: Context, verb: string): Promise<LocalState> {
  const { client } = context.host;
  switch (verb) {
    case "start":
      return start(context);
    case "stop":
      return client.local.stop();
    case "status":
      return client.local.status();
    default:
      throw new AppError("app.bad_input", "start, stop or status");
  }
}

async function start(context: Context): Promise<LocalState> {
  const { client } = context.host;
  const model = ModelName.optional().safeParse(context.options.model);
  if (!model.success) throw new AppError("app.bad_input", "A model is simulated or anthropic");
  const key = model.data === "anthropic" ? await readModelKey(context) : null;
  if (key !== null) await client.local.setModelKey({ key });
  return client.local.start(model.data ? { model: model.data } : {});
}

function describe(state: LocalState): string {
  switch (state.state) {
    case "stopped":
      return "The team on this computer is stopped.";
    case "unsupervised":
      return "The supervisor of the team on this computer was killed. What it started goes on, and is not started again when it ends: `ai-infra local start` takes it over.";
    case "starting":
      return `The team on this computer is starting: ${state.doing}`;
    case "running":
      return `The team on this computer runs since ${state.since}, model ${state.model}.`;
  }
}
