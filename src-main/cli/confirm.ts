import { AppError } from "../../contract/errors.ts";
import type { Options } from "./context.ts";
import type { Screen } from "./screen.ts";

const YES = /^y(es)?$/i;
const WHOLE_YES = /^yes$/i;

/** Asks before what cannot be taken back by asking again; `whole` for what deserves more than one key. */
export async function confirm(
  { options, screen }: { readonly options: Pick<Options, "yes">; readonly screen: Screen },
  question: string,
  { whole = false }: { readonly whole?: boolean } = {},
): Promise<void> {
  if (options.yes) return;
  if (!screen.isInteractive) {
    throw new AppError("app.bad_input", "Nobody is here to confirm", { hint: "Add --yes to go on without asking." });
  }
  const answer = await screen.ask(`${question} [yes/no] `);
  if (!(whole ? WHOLE_YES : YES).test(answer.trim())) throw new AppError("app.cancelled", "Nothing was changed");
}
