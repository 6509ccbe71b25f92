import { openBroker, removeBroker } from "../commands/broker.ts";
import { writeFile } from "../commands/write-file.ts";
import { brokerService, brokerSocket } from "../files/broker-units.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { BROKER_SOCKET_UNIT, BROKER_STATE_DIR } from "../layout.ts";
import type { Step } from "../step.ts";

/** The service first: a socket is tested together with the service that it starts. */
const FILES = [brokerService, brokerSocket];

export const broker: Step = {
  id: "broker",
  title: "Work as root",
  area: "team",
  reason: "What agents need root for goes through a helper that knows who asks, does a few typed things, and ends.",
  needs: ["accounts", "runtime", "configuration"],
  probes: ["paths", "services"],
  plan(facts) {
    const found = facts.units[BROKER_SOCKET_UNIT];
    const lines = [...planFiles(facts, FILES)];
    if (!found?.active || !found.enabled) lines.push(`Start ${BROKER_SOCKET_UNIT}, at boot too`);
    return lines;
  },
  async apply({ shell, facts, signal }) {
    const test = 'systemd-analyze verify --man=no "$1"';
    for (const file of differingFiles(facts, FILES)) await shell.run(writeFile(file, test), { signal });
    await shell.run(openBroker(), { signal });
  },
  undo: {
    changes: [`Stop and remove ${BROKER_SOCKET_UNIT}`, `Remove ${BROKER_STATE_DIR} with its snapshots`],
    command: removeBroker(),
  },
};
