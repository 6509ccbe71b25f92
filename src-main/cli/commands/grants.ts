import { randomUUID } from "node:crypto";
import { AgentName } from "../../../contract/agents.ts";
import { AppError } from "../../../contract/errors.ts";
import { GrantMinutes } from "../../../contract/grants.ts";
import { ActionPattern, type Grant } from "../../../contract/permissions.ts";
import type { Server } from "../../../contract/servers.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";

const USAGE = "grants [list | give AGENT TOOL [PROGRAM|-] [VERB|-] [TARGET|-] --minutes N | revoke ID]";

/** What agents may do without being asked, for some time. */
export async function grants(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, words, options } = context;
  const [verb = "list", ...rest] = words;
  return withDaemon(context, server.id, async (api) => {
    if (verb === "list") {
      const list = await api.grants.list(undefined, soon(signal));
      for (const grant of list) screen.print(describe(grant));
      if (list.length === 0) screen.print("Nothing is granted: agents ask.");
      return { result: { ok: true, grants: list }, exitCode: OK };
    }
    if (verb === "give") {
      const wanted = { id: randomUUID(), ...readGrant(rest, options.minutes) };
      const grant = await api.grants.give(wanted, soon(signal));
      screen.print(describe(grant));
      return { result: { ok: true, grant }, exitCode: OK };
    }
    const [id] = rest;
    if (verb !== "revoke" || !id) throw new AppError("app.bad_input", USAGE);
    await api.grants.revoke({ id }, soon(signal));
    screen.print(`${id}: revoked`);
    return { result: { ok: true, id }, exitCode: OK };
  });
}

function readGrant([agent, tool, ...parts]: readonly string[], minutes: string | undefined) {
  const [program, verb, target] = parts.map((part) => (part === "-" ? undefined : part));
  const given = { tool, ...(program && { program }), ...(verb && { verb }), ...(target && { target }) };
  const name = AgentName.safeParse(agent);
  const covers = ActionPattern.safeParse(given);
  const time = GrantMinutes.safeParse(Number(minutes));
  if (!name.success) throw new AppError("app.bad_input", `No agent is called ${agent ?? "(none)"}`, { hint: USAGE });
  if (!covers.success) throw new AppError("app.bad_input", `There is no tool ${tool ?? "(none)"}`, { hint: USAGE });
  if (!time.success) throw new AppError("app.bad_input", "Say for how long: --minutes 1 to 10080", { hint: USAGE });
  return { agent: name.data, covers: covers.data, minutes: time.data };
}

function describe({ id, agent, covers, until }: Grant): string {
  const { tool, program, verb, target } = covers;
  const what = [tool, program, verb, target].filter((word) => word !== undefined).join(" ");
  return `${id}  ${agent} may ${what} until ${until}`;
}
