import { setTimeout as pause } from "node:timers/promises";
import type { Lab } from "../support/lab-server.ts";
import type { Bench, Figure } from "./figure.ts";
import { knownServer, whyNoLab } from "./known-server.ts";

const SETTLE_MS = 10_000;
const WATCH_MS = 60_000;
const BUDGET_MB = 600;
const BUDGET_PERCENT = 3;

/** What our processes on a server take while nobody asks anything. */
export const idle: Bench = {
  name: "idle",
  unavailable: whyNoLab,
  run: async () => {
    const { lab } = await knownServer();
    await pause(SETTLE_MS);
    const before = await readUnits(lab);
    const started = performance.now();
    await pause(WATCH_MS);
    const after = await readUnits(lab);
    const seconds = (performance.now() - started) / 1000;
    const percentOf = (unit: keyof Units) => (100 * (after[unit].cpuSeconds - before[unit].cpuSeconds)) / seconds;
    const percent = percentOf("daemon") + percentOf("team");
    return [
      memory("resident memory of the team", after.daemon.rssMb + after.team.rssMb),
      memory("the same, shared pages counted once (PSS)", after.daemon.pssMb + after.team.pssMb),
      cpu("processor time of the team, of one core", percent),
      cpu("of that, the daemon", percentOf("daemon")),
      cpu("PostgreSQL and Redis beside it", percentOf("postgres") + percentOf("redis")),
    ];
  },
};

/** By systemd unit; the consoles, tmux, the monitor and the logs window are the team. */
const UNITS = {
  daemon: "ai-infrastructure.service",
  team: "ai_agents.slice",
  postgres: "system-postgresql.slice",
  redis: "redis-server.service",
} as const;

interface Use {
  readonly rssMb: number;
  readonly pssMb: number;
  readonly cpuSeconds: number;
}
type Units = Readonly<Record<keyof typeof UNITS, Use>>;

/** For each process: its control group, its times and its memory. */
const READ = `
for folder in /proc/[0-9]*; do
  group=$(grep ':name=systemd:\\|^0::' "$folder/cgroup" 2>/dev/null | tail -1) || continue
  set -- $(sed 's/.*) //' "$folder/stat" 2>/dev/null); [ "$#" -gt 12 ] || continue
  memory=$(awk '/^Rss:/{r=$2} /^Pss:/{p=$2} END{print r+0, p+0}' "$folder/smaps_rollup" 2>/dev/null)
  echo "$((\${12} + \${13} + \${14} + \${15})) $memory $group"
done
getconf CLK_TCK
`;

async function readUnits(lab: Lab): Promise<Units> {
  const lines = (await lab.sh(READ)).split("\n");
  const ticksPerSecond = Number(lines.pop());
  const useOf = (unit: string): Use => {
    const rows = lines.filter((line) => line.includes(`/${unit}`)).map((line) => line.split(" ").map(Number));
    const sum = (column: number) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
    return { cpuSeconds: sum(0) / ticksPerSecond, rssMb: (sum(1) * 1024) / 1e6, pssMb: (sum(2) * 1024) / 1e6 };
  };
  return {
    daemon: useOf(UNITS.daemon),
    team: useOf(UNITS.team),
    postgres: useOf(UNITS.postgres),
    redis: useOf(UNITS.redis),
  };
}

function memory(name: string, value: number): Figure {
  return { name, value, unit: "MB", baseline: { name: "budget", value: BUDGET_MB }, bar: { atMost: 1 } };
}

function cpu(name: string, value: number): Figure {
  return { name, value, unit: "%", baseline: { name: "budget", value: BUDGET_PERCENT }, bar: { atMost: 1 } };
}
