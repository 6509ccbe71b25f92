import { AppError } from "../../contract/errors.ts";
import { configStamp, confirmHealthy, startUnits } from "../commands/services.ts";
import { upgrade } from "../commands/upgrade.ts";
import type { Facts } from "../facts.ts";
import { daemonConfig } from "../files/daemon-config.ts";
import { sha256 } from "../files/plan-files.ts";
import { loadable } from "../files/loadable.ts";
import { agentsSlice, agentsUnit, daemonUnit } from "../files/units.ts";
import { agentConsole, startConsole } from "../files/wrappers.ts";
import { AGENTS_UNIT, DAEMON_UNIT } from "../layout.ts";
import { formerRelease, releaseFolder, releaseId } from "../release.ts";
import type { Step, StepContext } from "../step.ts";
import { describeHealth } from "../describe-health.ts";
import { judgeUpgrade } from "../judge-upgrade.ts";
import type { Wanted } from "../wanted.ts";

/** A return takes as long again as the upgrade, and is not cut short. */
const UPGRADE_MS = 420_000;
const RETURN_MS = 200_000;

/** Starts the services again only when what they were started with has changed: an agent's window is not closed for nothing. */
export const services: Step = {
  id: "services",
  title: "Start and health check",
  area: "team",
  reason: "The team works when the daemon says that the database, live events, windows and sandbox answer.",
  needs: [
    "postgres",
    "workspace-database",
    "redis",
    "runtime",
    "configuration",
    "permissions",
    "sandbox",
    "units",
    "broker",
  ],
  probes: ["services", "paths", "release"],
  plan(facts, wanted) {
    const lines = unitsToStart(facts, wanted).map((unit) =>
      facts.units[unit]?.active ? `Restart ${unit}` : `Start ${unit}, at boot too`,
    );
    const former = formerRelease(facts, wanted.release);
    if (former !== null)
      return [`Upgrade to release ${releaseId(wanted.release)}, and back unless it is healthy`, ...lines];
    if (facts.release.upgradeFrom !== "") lines.push("Forget an upgrade that did not come to its end");
    if (lines.length === 0 && !facts.daemonHealthy) lines.push("Wait until the daemon is healthy");
    return lines;
  },
  async apply(context) {
    const former = formerRelease(context.facts, context.wanted.release);
    await (former === null ? start(context) : upgradeFrom(former, context));
  },
  undo: { changes: [], command: null },
};

async function start({ shell, facts, wanted, signal, log }: StepContext): Promise<void> {
  const names = unitsToStart(facts, wanted);
  await shell.run(startUnits(names), { signal, timeoutMs: 120_000 });
  log("Waiting until the daemon is healthy");
  const lines = Object.values(stamps(facts, wanted)).flat();
  await shell.run(confirmHealthy(lines), { signal, timeoutMs: 180_000 }).catch((failure: unknown) => {
    throw unhealthy(failure);
  });
}

/** On the server alone: should the connection break, it goes on to one release or the other. */
async function upgradeFrom(former: string, { shell, facts, wanted, signal, log }: StepContext): Promise<void> {
  const id = releaseId(wanted.release);
  log(`Starting release ${id}`);
  const command = upgrade(releaseFolder(wanted.release), Object.values(stamps(facts, wanted)).flat());
  const key = `upgrade-${id.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(-48)}`;
  const limits = { timeoutMs: UPGRADE_MS, stopWithinMs: RETURN_MS };
  const { exitCode, stdout } = await shell.runDetached(command, { key, signal, onLine: log, ...limits });
  judgeUpgrade({ exitCode, output: stdout, release: id, former });
}

function unitsToStart(facts: Facts, wanted: Wanted): string[] {
  return Object.entries(stamps(facts, wanted)).flatMap(([unit, lines]) => {
    const found = facts.units[unit];
    const isCurrent = lines.every((line) => facts.applied.includes(line));
    return found?.active && found.enabled && isCurrent ? [] : [unit];
  });
}

/** What each service is started with, as short lines. */
function stamps(facts: Facts, wanted: Wanted): Readonly<Record<string, readonly string[]>> {
  const { node, daemon } = wanted.release;
  const stamp = (...parts: readonly string[]) => sha256([node.sha256, daemon.sha256, ...parts].join("\n"));
  return {
    [DAEMON_UNIT]: [`daemon ${stamp(loadable(facts, daemonUnit).text)}`, configStamp(daemonConfig(facts, wanted))],
    [AGENTS_UNIT]: [
      `agents ${stamp(...[agentsSlice, agentsUnit, startConsole, agentConsole].map(({ text }) => text))}`,
    ],
  };
}

function unhealthy(failure: unknown): unknown {
  if (!(failure instanceof AppError) || failure.code !== "provision.step_failed") return failure;
  return new AppError("daemon.unhealthy", "The daemon was started but does not become healthy", {
    hint: "The details say which part does not answer. Provisioning again goes on from here.",
    details: describeHealth(failure.details ?? failure.message),
    cause: failure,
  });
}
