import path from "node:path";
import type { AgentDefinition, DefinitionChange } from "../../contract/agent-settings.ts";
import { AgentName } from "../../contract/agents.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import { agentsFolder, type DaemonConfig } from "../../contract/daemon-config.ts";
import type { WireError } from "../../contract/errors.ts";
import { watchFiles } from "../platform/watch-files.ts";
import { resetDefinition, writeChange } from "./change-files.ts";
import { defineTeam, refuseStale, toProfile } from "./definitions.ts";
import { readLastGood, writeLastGood } from "./last-good.ts";
import { openOverrideFiles, type OverrideFiles } from "./override-files.ts";
import type { RecordedChange } from "./record-change.ts";
import { readOverrides } from "./read-overrides.ts";

/** Who the agents are at this moment. Files that change are read again; a file with a mistake changes nothing. */
export interface Definitions {
  readonly folder: string;
  list(): AgentDefinition[];
  get(agent: AgentName): AgentDefinition;
  profileOf(agent: AgentName): AgentProfile;
  /** One for each file that is not used. */
  problems(): WireError[];
  update(agent: AgentName, change: DefinitionChange, revision?: string): Promise<AgentDefinition>;
  reset(agent: AgentName): Promise<AgentDefinition>;
  onChanged(listener: (agents: readonly AgentName[]) => void): void;
  close(): void;
}

export interface DefinitionsParts {
  readonly config: DaemonConfig;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Gets every change, made here or in a file, before it is used. */
  readonly recordChange: (change: RecordedChange) => Promise<void>;
}

const RETRY_MS = 5_000;

export async function openDefinitions(parts: DefinitionsParts): Promise<Definitions> {
  const files = openOverrideFiles({ folder: agentsFolder(parts.config), mode: parts.config.mode });
  const closed = new AbortController();
  const loaded = await loadDefinitions(parts, files, closed.signal);
  const inTurn = createTurns();
  const change = async (agent: AgentName, write: () => Promise<void>): Promise<AgentDefinition> =>
    await inTurn(async () => {
      await loaded.reload("file");
      await write();
      await loaded.reload("api");
      return loaded.definitions()[agent];
    });
  await followFiles({
    files: files.all(),
    reload: async () => await inTurn(async () => await loaded.reload("file")),
    log: parts.log,
    closed: closed.signal,
  });
  return {
    folder: files.folder,
    list: () => AgentName.options.map((name) => loaded.definitions()[name]),
    get: (agent) => loaded.definitions()[agent],
    profileOf: (agent) => {
      return { ...toProfile(loaded.definitions()[agent]), hasSearchProvider: parts.config.webSearch !== undefined };
    },
    problems: () => [...loaded.problems()],
    update: async (agent, wanted, revision) =>
      await change(agent, async () => {
        refuseStale(loaded.definitions()[agent], revision);
        await writeChange(files, agent, wanted);
      }),
    reset: async (agent) => await change(agent, async () => await resetDefinition(files, agent)),
    onChanged: (listener) => loaded.listeners.push(listener),
    close: () => closed.abort(),
  };
}

interface Loaded {
  definitions(): Readonly<Record<AgentName, AgentDefinition>>;
  problems(): readonly WireError[];
  readonly listeners: ((agents: readonly AgentName[]) => void)[];
  /** Puts in force what the files hold now. */
  reload(by: RecordedChange["by"]): Promise<void>;
}

/** Begins with what was last in force. */
async function loadDefinitions(parts: DefinitionsParts, files: OverrideFiles, closed: AbortSignal): Promise<Loaded> {
  const lastGood = path.join(parts.config.stateDir, "agent-definitions.json");
  const listeners: Loaded["listeners"] = [];
  let overrides = await readLastGood(lastGood);
  let definitions = defineTeam(overrides);
  let problems: readonly WireError[] = [];
  return {
    definitions: () => definitions,
    problems: () => problems,
    listeners,
    async reload(by) {
      const before = definitions;
      const read = await readOverrides(files, overrides);
      if (closed.aborted) return;
      problems = read.problems;
      const after = defineTeam(read.overrides);
      const changed = AgentName.options.filter((name) => before[name].revision !== after[name].revision);
      if (changed.length === 0) return;
      for (const name of changed) await parts.recordChange({ by, before: before[name], after: after[name] });
      overrides = read.overrides;
      definitions = after;
      for (const listener of listeners) listener(changed);
      await writeLastGood(lastGood, overrides);
    },
  };
}

interface FollowParts extends Pick<DefinitionsParts, "log"> {
  readonly files: readonly string[];
  readonly reload: () => Promise<void>;
  readonly closed: AbortSignal;
}

/** Reads now and after each change of a file; what fails is tried again. */
async function followFiles({ files, reload, log, closed }: FollowParts): Promise<void> {
  let retry: NodeJS.Timeout | undefined;
  const follow = async (): Promise<void> => {
    clearTimeout(retry);
    await reload().catch((error: unknown) => {
      if (closed.aborted) return;
      log.warn("changed definitions are not in force yet", { error });
      retry = setTimeout(() => void follow(), RETRY_MS);
    });
  };
  // Before the first reading, so that no change falls between the two.
  const stopWatching = await watchFiles(files, () => void follow());
  closed.addEventListener("abort", () => {
    clearTimeout(retry);
    stopWatching();
  });
  await follow();
}

/** One piece of work after the other. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return await result;
  };
}
