import { setTimeout as pause } from "node:timers/promises";
import { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { AgentUse } from "../../contract/health.ts";
import { listPanes } from "../team/panes.ts";
import { familyOf, ownMemory, readProcesses } from "./process-table.ts";

export interface UsageParts {
  readonly config: Pick<DaemonConfig, "mode" | "runDir">;
  readonly spentToday: () => Promise<ReadonlyMap<AgentName, number>>;
}

interface Sample {
  readonly atMs: number;
  readonly byAgent: ReadonlyMap<AgentName, { readonly root: number; readonly ticks: number; readonly bytes: number }>;
}

const FRESH_MS = 2_000;
const STALE_MS = 20_000;
const FIRST_PAUSE_MS = 400;
const TICKS_PER_SECOND = 100;

/** Measures only when it is asked, and once for all who ask within two seconds. */
export function createUsageReader(parts: UsageParts): () => Promise<AgentUse[]> {
  let last: Sample | null = null;
  let measured: { readonly atMs: number; readonly uses: Promise<AgentUse[]> } | null = null;
  const measure = async (): Promise<AgentUse[]> => {
    const isStale = last === null || performance.now() - last.atMs > STALE_MS;
    const before = isStale || last === null ? await takeSample(parts) : last;
    if (isStale) await pause(FIRST_PAUSE_MS);
    const after = await takeSample(parts);
    last = after;
    const spent = await parts.spentToday();
    return AgentName.options.map((name) => ({
      name,
      ...between(name, before, after),
      todayUsd: spent.get(name) ?? 0,
    }));
  };
  return async () => {
    const now = performance.now();
    if (!measured || now - measured.atMs > FRESH_MS) measured = { atMs: now, uses: measure() };
    return await measured.uses;
  };
}

async function takeSample({ config }: UsageParts): Promise<Sample> {
  const [panes, rows] = await Promise.all([listPanes(config), readProcesses()]);
  const atMs = performance.now();
  const found = panes.flatMap(({ window, pid, isDead }) => {
    const agent = AgentName.safeParse(window);
    return agent.success && !isDead ? [{ agent: agent.data, root: pid, family: familyOf(pid, rows) }] : [];
  });
  const measured = found.map(async ({ agent, root, family }) => {
    const memory = await Promise.all(family.map(async ({ pid }) => await ownMemory(pid)));
    const ticks = family.reduce((sum, row) => sum + row.ticks, 0);
    return [agent, { root, ticks, bytes: memory.reduce((sum, bytes) => sum + bytes, 0) }] as const;
  });
  return { atMs, byAgent: new Map(await Promise.all(measured)) };
}

function between(
  name: AgentName,
  before: Sample,
  after: Sample,
): { readonly cpuPercent: number | null; readonly memoryBytes: number | null } {
  const is = after.byAgent.get(name);
  if (!is) return { cpuPercent: null, memoryBytes: null };
  const was = before.byAgent.get(name);
  const seconds = (after.atMs - before.atMs) / 1000;
  // A family that lost a member may have fewer ticks than before; one with another root has nothing in common.
  const ticks = was?.root === is.root ? Math.max(0, is.ticks - was.ticks) : 0;
  const percent = seconds > 0 ? (ticks / TICKS_PER_SECOND / seconds) * 100 : 0;
  return { cpuPercent: Math.round(percent * 10) / 10, memoryBytes: is.bytes };
}
