import path from "node:path";
import { AppError } from "../../../contract/errors.ts";
import { type Plan, RebootAt, type RunResult, type Wishes } from "../../../contract/provision.ts";
import { LOCAL_SERVER_ID, type NewServer, type Server } from "../../../contract/servers.ts";
import { ModelName } from "../../../contract/status.ts";
import { readSshConfigHosts } from "../../servers/ssh-config-hosts.ts";
import { confirm } from "../confirm.ts";
import { connect } from "../connect.ts";
import { FAILED, OK, type Context, type Outcome } from "../context.ts";
import { readModelKey } from "../model-key.ts";
import { printPlan } from "../print-plan.ts";
import { followRun } from "../follow-run.ts";
import { readTarget } from "../target.ts";

export async function provision(context: Context): Promise<Outcome> {
  const { host, options, screen, words } = context;
  const wishes = readWishes(options);
  const [target, ...rest] = words;
  if (!target || rest.length > 0) throw new AppError("app.bad_input", "Name one server: [user@]host[:port]");
  const server = await findOrAdd(context, await wantedServer(context, target));
  const plan = await readPlan(context, server, wishes);
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
  await withSudo(context, server.id, () => host.client.provision.plan({ serverId: server.id, wishes: {} }));
  await host.client.provision.remove({ serverId: server.id });
  return outcomeOf(await followRun(context, server.id));
}

/** The words of the last line of a run. */
function outcomeOf(result: RunResult): Outcome {
  const { ok, changed, steps, error } = result;
  if (error) throw Object.assign(AppError.fromWire(error), { steps });
  return { result: { ok, changed, steps }, exitCode: ok ? OK : FAILED };
}

function readWishes({ model, docker, qdrant, "reboot-at": rebootAt }: Context["options"]): Wishes {
  return {
    ...readModel(model),
    ...(docker !== undefined && { docker }),
    ...(qdrant !== undefined && { qdrant: path.resolve(qdrant) }),
    ...readRebootAt(rebootAt),
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

async function wantedServer({ options, env }: Context, target: string): Promise<NewServer> {
  const { identity, name, password, "ssh-agent": sshAgent } = options;
  return readTarget(target, { identity, name, password, sshAgent, env, known: await readSshConfigHosts() });
}

/** The server of this address, logging in as asked for this time; forgotten again when its first connection fails. */
async function findOrAdd(context: Context, wanted: NewServer): Promise<Server> {
  const { servers } = context.host;
  const known = servers.list().find(({ server }) => isAt(server, wanted));
  if (known?.server.place.kind === "ssh") {
    const { server } = known;
    const place = { ...known.server.place, auth: wanted.auth };
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

function isAt({ place }: Server, { address }: NewServer): boolean {
  if (place.kind !== "ssh") return false;
  const { host, port, user } = place.address;
  return host === address.host && port === address.port && user === address.user;
}

async function readPlan(context: Context, server: Server, wishes: Wishes): Promise<Plan> {
  const { client } = context.host;
  const read = () => client.provision.plan({ serverId: server.id, wishes }, { signal: context.signal });
  return withSudo(context, server.id, read);
}

/** Reads a plan; where sudo wants a password, asks for it and reads again, until it is the right one. */
async function withSudo({ env, screen, host }: Context, serverId: string, read: () => Promise<Plan>): Promise<Plan> {
  const given = env["AI_INFRA_SUDO_PASSWORD"];
  let plan = await read();
  for (let isFirst = true; plan.facts.root === "sudo_password"; isFirst = false) {
    if (given === undefined ? !screen.isInteractive : !isFirst) return plan;
    if (given === undefined && !isFirst) screen.note("sudo on the server refused that password.");
    const password = given ?? (await screen.askHidden(`sudo password of ${plan.facts.user}: `));
    await host.client.provision.setSudoPassword({ serverId, password });
    plan = await read();
  }
  return plan;
}
