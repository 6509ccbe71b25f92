import { AppError } from "../../contract/errors.ts";
import { configStamp, confirmHealthy, startUnits } from "../commands/services.ts";
import type { Facts } from "../facts.ts";
import { daemonConfig } from "../files/daemon-config.ts";
import { sha256 } from "../files/plan-files.ts";
import { agentsSlice, agentsUnit, daemonUnit } from "../files/units.ts";
import { agentConsole, startConsole } from "../files/wrappers.ts";
import { AGENTS_UNIT, DAEMON_UNIT } from "../layout.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

/** Starts the services again only when what they were started with has changed: an agent's window is not closed for nothing. */
export const services: Step = {
  id: "services",
  title: "Start and health check",
  area: "team",
  reason: "The team works when the daemon says that the database, live events, windows and sandbox answer.",
  needs: ["postgres", "workspace-database", "redis", "runtime", "configuration", "permissions", "sandbox", "units"],
  probes: ["services", "paths"],
  plan(facts, wanted) {
    const lines = unitsToStart(facts, wanted).map((unit) =>
      facts.units[unit]?.active ? `Restart ${unit}` : `Start ${unit}, at boot too`,
    );
    if (lines.length === 0 && !facts.daemonHealthy) lines.push("Wait until the daemon is healthy");
    return lines;
  },
  async apply({ shell, facts, wanted, signal, log }) {
    const names = unitsToStart(facts, wanted);
    await shell.run(startUnits(names), { signal, timeoutMs: 120_000 });
    log("Waiting until the daemon is healthy");
    const lines = Object.values(stamps(facts, wanted)).flat();
    await shell.run(confirmHealthy(lines), { signal, timeoutMs: 180_000 }).catch((failure: unknown) => {
      throw unhealthy(failure);
    });
  },
  undo: { changes: [], command: null },
};

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
    [DAEMON_UNIT]: [`daemon ${stamp(daemonUnit.text)}`, configStamp(daemonConfig(facts, wanted))],
    [AGENTS_UNIT]: [
      `agents ${stamp(...[agentsSlice, agentsUnit, startConsole, agentConsole].map(({ text }) => text))}`,
    ],
  };
}

function unhealthy(failure: unknown): unknown {
  if (!(failure instanceof AppError) || failure.code !== "provision.step_failed") return failure;
  return new AppError("daemon.unhealthy", "The daemon was started but does not become healthy", {
    hint: "The details say which part does not answer. Provisioning again goes on from here.",
    details: failure.details ?? failure.message,
    cause: failure,
  });
}
