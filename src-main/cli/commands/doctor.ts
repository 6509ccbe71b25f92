import { AppError } from "../../../contract/errors.ts";
import { findDrift, type PlannedStep } from "../../../contract/provision.ts";
import { LOCAL_SERVER_ID, type Server } from "../../../contract/servers.ts";
import { connect } from "../connect.ts";
import { OK, UNHEALTHY, type Context, type Outcome } from "../context.ts";
import { readPlan } from "../read-plan.ts";
import type { Screen } from "../screen.ts";

/** Checks every step on a server again and names what is not as it should be. Changes nothing. */
export async function doctor(context: Context, server: Server): Promise<Outcome> {
  refuseThisComputer(server);
  const { screen } = context;
  await connect(context, server.id);
  // Without a wish, what was chosen when the server was provisioned counts: the server remembers it.
  const plan = await readPlan(context, server.id, {});
  const drift = findDrift(plan);
  for (const step of plan.steps) print(screen, step);
  for (const { message, hint } of plan.blockers) {
    screen.print(`cannot: ${message}`);
    if (hint) screen.print(`          ${hint}`);
  }
  const ok = drift.length === 0 && plan.blockers.length === 0;
  screen.print(ok ? `${server.name} is as it should be.` : verdict(drift.length, plan.steps.length));
  return { result: { ok, drift, blockers: plan.blockers, steps: plan.steps }, exitCode: ok ? OK : UNHEALTHY };
}

/** What needs a server that was provisioned over SSH. */
export function refuseThisComputer(server: Server): void {
  if (server.id !== LOCAL_SERVER_ID) return;
  throw new AppError("app.bad_input", "This computer is not a provisioned server", {
    hint: "`ai-infra status` says how the team on it is.",
  });
}

function print(screen: Screen, { state, title, changes, note }: PlannedStep): void {
  screen.print(`${state === "needed" ? " drift" : "    ok"}  ${title}`);
  for (const change of changes) screen.print(`          ${change}`);
  if (note) screen.print(`          ${note}`);
}

function verdict(differing: number, all: number): string {
  const which = differing === 1 ? "1 step differs" : `${differing} steps differ`;
  return `${which} of ${all}. \`ai-infra provision\` makes it so again; nothing was changed.`;
}
