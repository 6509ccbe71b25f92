import type { Plan, PlannedStep } from "../../../contract/provision.ts";
import type { OpenPort, ServerOverview } from "../../../contract/server-overview.ts";
import type { Server } from "../../../contract/servers.ts";
import { AREAS } from "./areas.ts";

interface SummaryParts {
  readonly server: Server;
  readonly overview: ServerOverview;
  /** Of the run that provisioned the server, or the present one. */
  readonly plan: Plan | null;
}

/** What a person keeps about a provisioned server, as Markdown. Holds no secret. */
export function summaryOf({ server, overview, plan }: SummaryParts): string {
  const parts = [
    `# ${server.name}`,
    facts(server, overview),
    "## What is installed",
    versions(overview),
    ...(plan ? steps(plan.steps) : []),
    "## Open ports",
    ports(overview.ports),
    "## Who may log in",
    list(overview.logins),
    "Agents work as Unix users of their own without a login.",
    "## Host key fingerprints",
    "Compare these when another computer connects for the first time.",
    list(overview.hostKeys.map(({ algorithm, bits, fingerprint }) => `${algorithm} ${bits}: \`${fingerprint}\``)),
    "## What to do next",
    next(server, overview),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function facts({ place, provisioned }: Server, { readAt, versions: { system, kernel } }: ServerOverview): string {
  const address = place.kind === "ssh" ? `${place.address.user}@${place.address.host}:${place.address.port}` : "";
  return list([
    ...(address ? [`Address: \`${address}\``] : []),
    `System: ${system}, kernel ${kernel}`,
    ...(provisioned ? [`Provisioned: ${provisioned.at}`] : []),
    `Read: ${readAt}`,
  ]);
}

function versions({ versions: { daemon, node, postgres, redis, nginx } }: ServerOverview): string {
  const names = { "AI Infrastructure": daemon, Node: node, PostgreSQL: postgres, Redis: redis, nginx };
  return list(Object.entries(names).flatMap(([name, version]) => (version === null ? [] : [`${name} ${version}`])));
}

function steps(all: readonly PlannedStep[]): string[] {
  return [...Map.groupBy(all, ({ area }) => area)].flatMap(([area, some]) => [
    `### ${AREAS[area]}`,
    list(some.map(({ title, reason, note }) => `**${title}**: ${reason}${note ? ` ${note}` : ""}`)),
  ]);
}

function ports(all: readonly OpenPort[]): string {
  const say = ({ protocol, port, program }: OpenPort) => `${port}/${protocol}${program ? ` (${program})` : ""}`;
  const open = all.filter(({ loopback }) => !loopback).map(say);
  const inside = all.filter(({ loopback }) => loopback).map(say);
  return list([`From outside: ${open.join(", ") || "none"}`, `On the server itself: ${inside.join(", ") || "none"}`]);
}

function next({ name, place }: Server, { packages, certificates, logins }: ServerOverview): string {
  const host = place.kind === "ssh" ? place.address.host : name;
  return list([
    "Talk to the supervisor in the app, or with `ai-infra chat`.",
    ...(logins.includes("admin")
      ? [`Log in with your key: \`ssh admin@${host}\`. Keep a second copy of the key.`]
      : []),
    ...(packages.security > 0
      ? [`Install ${packages.security} security updates: *Overview* on the server's page.`]
      : []),
    ...(packages.rebootNeeded ? ["Restart the server: an installed update counts from then on."] : []),
    ...(certificates.length === 0 ? ["Point a domain's A record at the server before its first site."] : []),
    "There are no backups yet: keep copies of `/workspace` elsewhere.",
    "See later whether everything is still so: `ai-infra doctor`.",
  ]);
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}
