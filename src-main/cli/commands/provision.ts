import { AppError } from "../../../contract/errors.ts";
import type { RunResult } from "../../../contract/provision.ts";
import { LOCAL_SERVER_ID, type NewServer, type Server, type SshAuth } from "../../../contract/servers.ts";
import { isSameWay, placeOf } from "../../servers/place.ts";
import { readSshConfigHosts } from "../../servers/ssh-config-hosts.ts";
import { confirm } from "../confirm.ts";
import { connect } from "../connect.ts";
import { FAILED, OK, type Context, type Outcome } from "../context.ts";
import { readModelKey } from "../model-key.ts";
import { readPlan } from "../read-plan.ts";
import { printPlan } from "../print-plan.ts";
import { followRun } from "../follow-run.ts";
import { loginOptions, namesLogin, readTarget } from "../target.ts";
import { readWishes } from "../wishes.ts";

export async function provision(context: Context): Promise<Outcome> {
  const { host, options, screen, words } = context;
  const wishes = readWishes(options);
  const [target, ...rest] = words;
  if (!target || rest.length > 0) throw new AppError("app.bad_input", "Name one server: [user@]host[:port]");
  const server = await findOrAdd(context, await wantedServer(context, target));
  const plan = await readPlan(context, server.id, wishes);
  printPlan(screen, plan);
  if (options.plan) return { result: { ok: true, plan }, exitCode: OK };
  const [blocker] = plan.blockers;
  if (blocker) throw AppError.fromWire(blocker);
  if (plan.steps.some(({ state }) => state !== "satisfied")) await confirm(context, "Change the server like this?");
  const key = wishes.model === "anthropic" ? await readModelKey(context) : null;
  await host.client.provision.apply({ serverId: server.id, wishes });
  const result = await followRun(context, server.id);
  if (result.ok && key !== null) await host.client.provision.setModelKey({ serverId: server.id, key });
  return outcomeOf(result);
}

export async function unprovision(context: Context, server: Server): Promise<Outcome> {
  const { host } = context;
  if (server.id === LOCAL_SERVER_ID) {
    throw new AppError("app.bad_input", "This computer is not a provisioned server", {
      hint: "Run `ai-infra local stop`.",
    });
  }
  const question = `Remove everything provisioning did on ${server.name}, with the team's data?`;
  await confirm(context, question, { whole: true });
  await connect(context, server.id);
  await readPlan(context, server.id, {});
  await host.client.provision.remove({ serverId: server.id });
  return outcomeOf(await followRun(context, server.id));
}

/** The words of the last line of a run. */
function outcomeOf(result: RunResult): Outcome {
  const { ok, changed, steps, error } = result;
  if (error) throw Object.assign(AppError.fromWire(error), { steps });
  return { result: { ok, changed, steps }, exitCode: ok ? OK : FAILED };
}

async function wantedServer({ options, env }: Context, target: string): Promise<NewServer> {
  return readTarget(target, { ...loginOptions(options), name: options.name, env, known: await readSshConfigHosts() });
}

/** The server of this address, logging in as asked for this time; forgotten again when its first connection fails. */
async function findOrAdd(context: Context, wanted: NewServer): Promise<Server> {
  const { servers } = context.host;
  const known = servers.list().find(({ server }) => isAt(server, wanted, context.options.jump));
  if (known?.server.place.kind === "ssh") {
    const { server } = known;
    const { place: before } = known.server;
    const auth = authOf(wanted.auth, before.auth, context.options);
    const place = placeOf({ ...wanted, auth, jump: wanted.jump ?? before.jump }, before);
    const changed = await servers.put({ ...server, name: wanted.name ?? server.name, place });
    await connect(context, server.id);
    return changed;
  }
  const added = await servers.add(wanted);
  try {
    await connect(context, added.id);
    return added;
  } catch (error) {
    await servers.remove(added.id);
    throw error;
  }
}

/** What is not named stays: the login, or the key in the agent. */
function authOf(wanted: SshAuth, before: SshAuth, options: Context["options"]): SshAuth {
  const isSameAgent = wanted.kind === "agent" && before.kind === "agent" && wanted.key === undefined;
  return isSameAgent || !namesLogin(options) ? before : wanted;
}

/** Where no jump host is named, the one that is known is meant. */
function isAt({ place }: Server, wanted: NewServer, namedJump: string | undefined): boolean {
  if (place.kind !== "ssh") return false;
  return isSameWay(place, namedJump === undefined ? { ...wanted, jump: wanted.jump ?? place.jump } : wanted);
}
