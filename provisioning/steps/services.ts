import { AppError } from "../../contract/errors.ts";
import { confirmHealthy, startUnits } from "../commands/services.ts";
import type { Facts } from "../facts.ts";
import { daemonConfig } from "../files/daemon-config.ts";
import { sha256 } from "../files/plan-files.ts";
import { agentsUnit, daemonUnit } from "../files/units.ts";
import { agentConsole } from "../files/wrappers.ts";
import { AGENTS_UNIT, DAEMON_UNIT } from "../layout.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

/** Starts the services again only when what they were started with has changed: an agent's window is not closed for nothing. */
export const services: Step = {
  id: "services",
  title: "Start and health check",
  area: "team",
  reason: "The team works when the daemon says that the database, live events, windows and sandbox answer.",
  needs: ["postgres", "redis", "runtime", "configuration", "permissions", "units"],
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
    const stamp = Object.values(stamps(facts, wanted));
    await shell.run(confirmHealthy(stamp), { signal, timeoutMs: 180_000 }).catch((failure: unknown) => {
      throw unhealthy(failure);
    });
  },
  undo: { changes: [], command: null },
};

function unitsToStart(facts: Facts, wanted: Wanted): string[] {
  return Object.entries(stamps(facts, wanted)).flatMap(([unit, stamp]) => {
    const found = facts.units[unit];
    return found?.active && found.enabled && facts.applied.includes(stamp) ? [] : [unit];
  });
}

/** What each service is started with, as one short text. */
function stamps(facts: Facts, wanted: Wanted): Readonly<Record<string, string>> {
  const { node, daemon } = wanted.release;
  const release = [node.sha256, daemon.sha256];
  const config = daemonConfig(facts, wanted).text;
  return {
    [DAEMON_UNIT]: `${DAEMON_UNIT} ${sha256(JSON.stringify([release, daemonUnit.text, config]))}`,
    [AGENTS_UNIT]: `${AGENTS_UNIT} ${sha256(JSON.stringify([release, agentsUnit.text, agentConsole.text]))}`,
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
