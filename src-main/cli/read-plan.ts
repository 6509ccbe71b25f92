import type { Plan, Wishes } from "../../contract/provision.ts";
import type { Context } from "./context.ts";

/** Reads a plan; where sudo wants a password, asks for it and reads again, until it is the right one. */
export async function readPlan(
  { env, host, screen, signal }: Context,
  serverId: string,
  wishes: Wishes,
): Promise<Plan> {
  const { provision } = host.client;
  const read = () => provision.plan({ serverId, wishes }, { signal });
  const given = env["AI_INFRA_SUDO_PASSWORD"];
  let plan = await read();
  for (let isFirst = true; plan.facts.root === "sudo_password"; isFirst = false) {
    if (given === undefined ? !screen.isInteractive : !isFirst) return plan;
    if (given === undefined && !isFirst) screen.note("sudo on the server refused that password.");
    const password = given ?? (await screen.askHidden(`sudo password of ${plan.facts.user}: `));
    await provision.setSudoPassword({ serverId, password });
    plan = await read();
  }
  return plan;
}
