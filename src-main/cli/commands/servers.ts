import { isDeepStrictEqual } from "node:util";
import { teamMemoryText } from "../../../contract/team-memory-text.ts";
import type { Server, SshLogin } from "../../../contract/servers.ts";
import { loginText } from "../../../contract/ssh-address.ts";
import { chooseServer, OK, UNHEALTHY, type Context, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";
import { AppError } from "../../../contract/errors.ts";
import { readSshConfigHosts } from "../../servers/ssh-config-hosts.ts";
import { placeOf } from "../../servers/place.ts";
import { changeTarget, loginOptions } from "../target.ts";

export async function servers(context: Context): Promise<Outcome> {
  const [verb = "list", name, ...rest] = context.words;
  if (verb === "edit" && name) return edit(context, chooseServer(context, name), rest);
  if (verb === "remove" && name) {
    await context.host.servers.remove(chooseServer(context, name).id);
    context.screen.print(`${name} is forgotten here; nothing was changed on it.`);
    return { result: { ok: true }, exitCode: OK };
  }
  if (verb !== "list") throw new AppError("app.bad_input", "list, edit NAME or remove NAME");
  const list = context.host.servers.list().map(({ server }) => server);
  for (const server of list) context.screen.print(describe(server));
  if (list.length === 0) context.screen.print("No servers yet. Run `ai-infra provision [user@]host`.");
  return { result: { ok: true, servers: list }, exitCode: OK };
}

/** Changes only what is known here. The next command connects, and asks for the fingerprint of another address. */
async function edit({ host, options, screen }: Context, server: Server, words: readonly string[]): Promise<Outcome> {
  const { id, name, place } = server;
  if (place.kind !== "ssh") throw new AppError("app.bad_input", `${name} is not reached over SSH`);
  const [target, ...more] = words;
  if (more.length > 0) throw new AppError("app.bad_input", "Name one address: [user@]host[:port]");
  const login = changeTarget(place, target, { ...loginOptions(options), known: await readSshConfigHosts() });
  const named = options.name === undefined ? server : await host.client.servers.rename({ id, name: options.name });
  const changed = isDeepStrictEqual(placeOf(login, place), place)
    ? named
    : await host.client.servers.changeLogin({ id, ...login });
  screen.print(describe(changed));
  return { result: { ok: true, server: changed }, exitCode: OK };
}

export async function status(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal } = context;
  return withDaemon(context, server.id, async (api) => {
    const {
      healthy,
      version,
      model,
      services,
      agents,
      memory = null,
      definitionProblems: problems = [],
    } = await api.status.get(undefined, soon(signal));
    screen.print(`${server.name}: ${healthy ? "healthy" : "not healthy"}, version ${version}, model ${model}`);
    for (const { name, state, detail } of services) screen.print(`  ${name.padEnd(10)} ${state.padEnd(5)} ${detail}`);
    if (memory) screen.print(`  ${"memory".padEnd(16)} ${teamMemoryText(memory)}`);
    if (memory?.problem) screen.note(`The memory: ${memory.problem}`);
    for (const agent of agents) screen.print(`  ${agent.name.padEnd(10)} ${agent.state} ${agent.activity ?? ""}`);
    for (const { message, hint } of problems) screen.note(`Not used: ${message}\n  ${hint ?? ""}`);
    return {
      result: { ok: true, healthy, version, model, agents, services, memory, problems },
      exitCode: healthy ? OK : UNHEALTHY,
    };
  });
}

function wayText({ address, jump }: SshLogin): string {
  return `${loginText(address)}${jump ? ` through ${loginText(jump.address)}` : ""}`;
}

function describe({ name, place, provisioned }: Server): string {
  const where = place.kind === "ssh" ? wayText(place) : "this computer";
  return `${name.padEnd(20)} ${where}${provisioned ? `  provisioned ${provisioned.at} (${provisioned.version})` : ""}`;
}
