import { AppError } from "../contract/errors.ts";
import { armTrial, confirmTrial, restoreTrial, type Trial } from "./commands/trial.ts";
import type { StepContext } from "./step.ts";

/** Long enough for a second login over a slow line, short enough to wait for when it was refused. */
const ROLLBACK_SECONDS = 60;

interface Change {
  readonly trial: Trial;
  readonly text: string;
  /** What to do when the second login was refused, beyond that the old state is back. */
  readonly hint: string;
}

/** Makes a change that could lock everybody out, and keeps it only when a second, separate login has succeeded. */
export async function proveByLogin(context: StepContext, { trial, text, hint }: Change): Promise<void> {
  const { shell, signal, log } = context;
  await shell.run(armTrial(trial, text, ROLLBACK_SECONDS), { signal });
  log(`Logging in a second time, with the new ${trial.title}`);
  await shell.logInAgain(signal).catch((failure: unknown) => putBack(context, { trial, hint, failure }));
  await shell.run(confirmTrial(trial), { signal });
}

/** When the first connection is gone too, nothing was refused: the step is done again, or the timer puts back. */
async function putBack(
  { shell, signal, log }: StepContext,
  { trial, hint, failure }: Pick<Change, "trial" | "hint"> & { readonly failure: unknown },
): Promise<never> {
  await shell.run(restoreTrial(trial));
  log(`The old ${trial.title} are back`);
  if (signal.aborted) throw failure;
  throw new AppError("provision.step_failed", `The server refused a second login with the new ${trial.title}`, {
    hint: `The old ${trial.title} are back. ${hint}`,
    details: failure instanceof Error ? failure.message : String(failure),
    cause: failure,
  });
}
