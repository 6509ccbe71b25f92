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
import { openOverrideFiles } from "./override-files.ts";
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
  const lastGood = path.join(parts.config.stateDir, "agent-definitions.json");
  const listeners: ((agents: readonly AgentName[]) => void)[] = [];
  let overrides = await readLastGood(lastGood);
  let definitions = defineTeam(overrides);
  let problems: readonly WireError[] = [];

  const reload = async (by: RecordedChange["by"]): Promise<void> => {
    const before = definitions;
    const read = await readOverrides(files, overrides);
    problems = read.problems;
    const after = defineTeam(read.overrides);
    const changed = AgentName.options.filter((name) => before[name].revision !== after[name].revision);
    if (changed.length === 0) return;
    for (const name of changed) await parts.recordChange({ by, before: before[name], after: after[name] });
    overrides = read.overrides;
    definitions = after;
    for (const listener of listeners) listener(changed);
    await writeLastGood(lastGood, overrides);
  };
  const inTurn = createTurns();
  const change = async (agent: AgentName, write: () => Promise<void>): Promise<AgentDefinition> =>
    await inTurn(async () => {
      await reload("file");
      await write();
      await reload("api");
      return definitions[agent];
    });
  const following = await followFiles({
    files: files.all(),
    reload: async () => await inTurn(async () => await reload("file")),
    log: parts.log,
  });
  return {
    folder: files.folder,
    list: () => AgentName.options.map((name) => definitions[name]),
    get: (agent) => definitions[agent],
    profileOf: (agent) => toProfile(definitions[agent]),
    problems: () => [...problems],
    update: async (agent, wanted, revision) =>
      await change(agent, async () => {
        refuseStale(definitions[agent], revision);
        await writeChange(files, agent, wanted);
      }),
    reset: async (agent) => await change(agent, async () => await resetDefinition(files, agent)),
    onChanged: (listener) => listeners.push(listener),
    close: () => following.close(),
  };
}

interface FollowParts extends Pick<DefinitionsParts, "log"> {
  readonly files: readonly string[];
  readonly reload: () => Promise<void>;
}

/** Reads now and after each change of a file; what fails is tried again. */
async function followFiles({ files, reload, log }: FollowParts): Promise<{ close(): void }> {
  let retry: NodeJS.Timeout | undefined;
  const follow = async (): Promise<void> => {
    clearTimeout(retry);
    await reload().catch((error: unknown) => {
      log.warn("changed definitions are not in force yet", { error });
      retry = setTimeout(() => void follow(), RETRY_MS);
    });
  };
  await follow();
  const stopWatching = watchFiles(files, () => void follow());
  return {
    close() {
      clearTimeout(retry);
      stopWatching();
    },
  };
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
