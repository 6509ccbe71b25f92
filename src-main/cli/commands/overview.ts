import type { Server } from "../../../contract/servers.ts";
import type { ServerOverview } from "../../../contract/server-overview.ts";
import { memoryText } from "../../../contract/size-text.ts";
import { connect } from "../connect.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { readPlan } from "../read-plan.ts";
import { refuseThisComputer } from "./doctor.ts";

/** How a server is: versions, services, disk, memory, certificates, updates. */
export async function overview(context: Context, server: Server): Promise<Outcome> {
  refuseThisComputer(server);
  const { host, screen, signal } = context;
  await connect(context, server.id);
  await readPlan(context, server.id, {}); // asks for sudo's password where it takes one
  const found = await host.client.provision.overview({ serverId: server.id }, { signal });
  for (const [title, text] of toLines(found)) screen.print(`${title.padEnd(14)} ${text}`);
  return { result: { ok: true, ...found }, exitCode: OK };
}

function toLines(found: ServerOverview): readonly (readonly [string, string])[] {
  const { versions, memory, packages } = found;
  const lists = packages.listsReadAt ? `lists of ${packages.listsReadAt}` : "the lists were never read";
  return [
    ["system", `${versions.system}, kernel ${versions.kernel}, up since ${found.bootedAt}`],
    [
      "release",
      `${versions.daemon ?? "none"}${versions.daemon === found.appRelease ? "" : `; this app brings ${found.appRelease}`}`,
    ],
    ...(["node", "postgres", "redis", "nginx"] as const).map((name) => [name, versions[name] ?? "not there"] as const),
    ...found.services.map(({ unit, state }) => [state, unit] as const),
    ...found.disks.map(
      ({ path, freeMb, sizeMb }) => [`disk ${path}`, `${memoryText(freeMb)} of ${memoryText(sizeMb)} free`] as const,
    ),
    ["memory", `${memoryText(memory.availableMb)} of ${memoryText(memory.totalMb)} available`],
    ...found.certificates.map(({ name, expiresAt }) => ["certificate", `${name} until ${expiresAt}`] as const),
    ["updates", `${packages.updates} packages, ${packages.security} of them for security (${lists})`],
    ...(packages.updates > 0 ? [["", "`ai-infra provision … --package-updates` installs them"] as const] : []),
    ...(packages.rebootNeeded ? [["restart", "needed for an update that is installed"] as const] : []),
  ];
}
