import { AppError } from "../../contract/errors.ts";
import type { RunResult } from "../../contract/provision.ts";
import { askForKeys } from "../../provisioning/commands/own-login.ts";
import { readFacts } from "../../provisioning/facts.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { storeModelKey } from "../../provisioning/model-key.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { provisionServer } from "../../provisioning/run.ts";
import type { Shell } from "../../provisioning/shell.ts";
import type { NewRunEvent } from "../../provisioning/step-reports.ts";
import type { Wanted } from "../../provisioning/wanted.ts";
import { readWaysIn } from "../../provisioning/ways-in.ts";
import { confirm } from "../cli/confirm.ts";
import { OK, type Options, type Outcome } from "../cli/context.ts";
import { readModelKey } from "../cli/model-key.ts";
import { printPlan } from "../cli/print-plan.ts";
import type { Screen } from "../cli/screen.ts";
import { createRunView } from "../cli/show-run.ts";
import { readWishes, type WishOptions } from "../cli/wishes.ts";
import { clientName } from "../platform/client-name.ts";
import { describeConnection, howToConnect } from "./how-to-connect.ts";
import { createOwnShell } from "./own-shell.ts";
import { wantedOf } from "../provision/wanted-of.ts";
import { readRelease } from "./read-release.ts";

export interface Installation {
  readonly options: Pick<Options, "yes" | "plan" | "key-file" | "name"> & WishOptions;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Holds what belongs on the server. */
  readonly folder: string;
  /** Who runs this: root, or the user that became root. */
  readonly user: string;
}

const SERVER_ID = "this-server";

/** Provisions the server that it runs on with the plan and the steps that the app uses over SSH. */
export async function install(installation: Installation): Promise<Outcome> {
  const { options, screen, signal, folder, user } = installation;
  const wishes = readWishes(options);
  const wanted = await wantedOf({ release: () => readRelease(folder) }, wishes);
  const shell = await openShell(user, signal);
  const facts = await readFacts(shell, { signal, wishes });
  const plan = makePlan(SERVER_ID, facts, wanted);
  printPlan(screen, plan);
  if (options.plan) return { result: { ok: true, plan }, exitCode: OK };
  const [blocker] = plan.blockers;
  if (blocker) throw AppError.fromWire(blocker);
  if (plan.steps.some(({ state }) => state === "needed")) await confirm(installation, "Change this server like this?");
  const key = wanted.wishes.model === "anthropic" ? await readModelKey(installation) : null;
  const { changed, steps, error } = await apply({ installation, shell, facts }, wanted);
  if (error) throw Object.assign(AppError.fromWire(error), { steps });
  if (key !== null) await storeModelKey(shell, key, signal);
  const connect = howToConnect(await readWaysIn(shell, { signal }), user, options.name);
  screen.print(describeConnection(connect));
  return { result: { ok: true, changed, steps, connect }, exitCode: OK };
}

/** Keys that are there must stay good; without any, the person comes in with a password. */
async function openShell(user: string, signal: AbortSignal): Promise<Shell> {
  const asking = createOwnShell({ user, signedInWith: "nothing" });
  const { stdout } = await asking.run(askForKeys(user), { signal });
  return createOwnShell({ user, signedInWith: stdout.trim() === "yes" ? "key" : "nothing" });
}

interface Application {
  readonly installation: Installation;
  readonly shell: Shell;
  readonly facts: Facts;
}

async function apply({ installation, shell, facts }: Application, wanted: Wanted): Promise<RunResult> {
  const { screen, signal } = installation;
  const show = createRunView(screen);
  let seq = 0;
  const emit = (event: NewRunEvent) => show({ ...event, seq: (seq += 1) });
  const connect = async () => shell;
  const who = `${clientName()} (install.sh)`;
  const run = { serverId: SERVER_ID, who, connect, signal, emit, now: () => new Date(), known: facts };
  const result = await provisionServer(run, wanted);
  emit({ type: "ended", result });
  return result;
}
