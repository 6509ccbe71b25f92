import type { AgentStatus } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { WireError } from "../../contract/errors.ts";
import type { DaemonStatus, MemoryStatus, ServiceStatus } from "../../contract/status.ts";
import { sql } from "kysely";
import type { LiveBus } from "../bus/live-bus.ts";
import { checkSandbox } from "../sandbox/check-sandbox.ts";
import type { Store } from "../store/open-store.ts";
import { teamHealth } from "../team/team-health.ts";
import type { TeamStates } from "./team-states.ts";

export interface StatusParts {
  readonly config: DaemonConfig;
  readonly startedAt: Date;
  readonly store: Store;
  readonly bus: Pick<LiveBus, "version">;
  readonly team: Pick<TeamStates, "list">;
  readonly definitions: { problems(): WireError[] };
  readonly memory: { status(signal: AbortSignal): Promise<MemoryStatus> };
}

const CACHE_MS = 1_000;
const SANDBOX_CACHE_MS = 30_000;
const CHECK_MS = 2_000;
const SANDBOX_CHECK_MS = 5_000;

/** The services are asked at most once a second, however many people look; the sandbox, which costs more, rarely. */
export function createStatusReader(parts: StatusParts): () => Promise<DaemonStatus> {
  const testCommand = async (): Promise<string> => detailWhenUp(await checkSandbox(parts.config.workspace));
  const sandbox = cached(SANDBOX_CACHE_MS, async () => await check("sandbox", testCommand, SANDBOX_CHECK_MS));
  // So that the first person to look need not wait for it.
  void sandbox();
  const memory = cached(CACHE_MS, async () => await readMemory(parts));
  const services = cached(CACHE_MS, async () => await Promise.all([...checks(parts), sandbox()]));
  return async () => {
    const [checked, remembered] = await Promise.all([services(), memory()]);
    const agents = parts.team.list();
    return {
      healthy:
        checked.every(({ state }) => state === "up") &&
        agents.every((agent) => isKeptStopped(agent) || (agent.state !== "offline" && agent.state !== "held")),
      version: parts.config.version,
      startedAt: parts.startedAt.toISOString(),
      model: parts.config.model,
      webSearch: parts.config.webSearch ?? null,
      services: checked,
      agents,
      memory: remembered,
      definitionProblems: parts.definitions.problems(),
    };
  };
}

/** Without it the team works on, and the database's own state tells why it cannot be read. */
async function readMemory({ memory }: StatusParts): Promise<MemoryStatus | null> {
  return await memory.status(AbortSignal.timeout(CHECK_MS)).catch(() => null);
}

/** A person has seen why it is held, and wants it so. */
function isKeptStopped({ hold }: AgentStatus): boolean {
  return hold?.kept === true;
}

function checks({ config, store, bus, team }: StatusParts): Promise<ServiceStatus>[] {
  return [
    Promise.resolve({ name: "daemon", state: "up", detail: config.version }),
    check("postgres", async () => {
      const result = await store.read(
        async (db) => await sql<{ server_version: string }>`show server_version`.execute(db),
        AbortSignal.timeout(CHECK_MS),
      );
      return result.rows[0]?.server_version ?? "unknown version";
    }),
    check("redis", async () => await bus.version()),
    check("tmux", async () => {
      const stopped = team.list().filter(isKeptStopped);
      return detailWhenUp(
        await teamHealth(
          config,
          stopped.map(({ name }) => name),
        ),
      );
    }),
  ];
}

function detailWhenUp({ state, detail }: { readonly state: "up" | "down"; readonly detail: string }): string {
  if (state === "down") throw new Error(detail);
  return detail;
}

async function check(
  name: ServiceStatus["name"],
  read: () => Promise<string>,
  deadlineMs = CHECK_MS,
): Promise<ServiceStatus> {
  try {
    return { name, state: "up", detail: await withDeadline(read(), deadlineMs) };
  } catch (error) {
    return { name, state: "down", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function cached<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | null = null;
  let until = 0;
  return async () => {
    if (!value || Date.now() >= until) {
      value = read();
      until = Date.now() + ms;
    }
    return await value;
  };
}
