import { agentWork } from "./agent-work.ts";
import { audit } from "./audit.ts";
import { describeFigure, holds, type Bench } from "./figure.ts";
import { firstToken } from "./first-token.ts";
import { flood } from "./flood.ts";
import { idle } from "./idle.ts";
import { closeKnownServer } from "./known-server.ts";
import { memory } from "./memory.ts";
import { openAppBench } from "./open-app.ts";
import { pageSize } from "./page-size.ts";
import { provisionBench } from "./provision.ts";
import { terminal } from "./terminal.ts";
import { waitingTasks } from "./waiting-tasks.ts";

const benches: readonly Bench[] = [
  pageSize,
  provisionBench,
  openAppBench,
  terminal,
  flood,
  firstToken,
  idle,
  agentWork,
  waitingTasks,
  audit,
  memory,
];

/** Prints each figure as a ratio against its baseline of the same run; ends with 1 when a bar is missed. */
const chosen = process.argv.slice(2);
let missed = 0;
try {
  for (const bench of benches.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const why = bench.unavailable();
    if (why !== null) {
      console.log(`skip ${bench.name}: ${why}`);
      continue;
    }
    for (const figure of await bench.run()) {
      console.log(describeFigure(figure));
      if (!holds(figure)) missed += 1;
    }
  }
} finally {
  await closeKnownServer();
}
process.exitCode = missed > 0 ? 1 : 0;
