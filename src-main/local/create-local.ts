import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LocalState } from "../../contract/local.ts";
import type { ModelName } from "../../contract/status.ts";
import type { WebSearchWish } from "../../contract/web-search.ts";
import { credentialFile, writeCredential } from "./credentials.ts";
import { findPostgres } from "./find-postgres.ts";
import { findPrograms } from "./find-programs.ts";
import { type Artifacts, findRuntime, installRuntime } from "./install-runtime.ts";
import { makeFolders } from "./make-folders.ts";
import { type Places, findPlaces } from "./places.ts";
import { type FoundTeam, localState, readTeam } from "./read-team.ts";
import { changeSettings, startSupervisor, stopTeam, untilRunning } from "./supervise.ts";
import { findTeamUser, type TeamUser } from "./team-user.ts";
import { writeWebSearch } from "./web-search.ts";
import { type Wanted, changeSpec, readSpec, settingsOf, writeSpec } from "./write-spec.ts";

export interface LocalParts {
  /** The folder of everything the app keeps. */
  readonly home: string;
  readonly artifacts: Artifacts;
  readonly log: (line: string) => void;
}

export interface Local {
  /** Without a model: the one it had, else the simulated one. */
  start(wishes?: { readonly model?: ModelName | undefined }): Promise<LocalState>;
  stop(): Promise<LocalState>;
  status(): Promise<LocalState>;
  setModelKey(input: { readonly key: string }): Promise<void>;
  setWebSearch(wish: WebSearchWish): Promise<void>;
  /** Whether a person started the team and did not stop it since; true also after a reboot. */
  isWanted(): boolean;
  readonly places: Places;
}

const TAKING_OVER = "The team's supervisor was killed; a new one takes over";

/** The team on this computer. It lives on when this process ends. */
export function createLocal(parts: LocalParts): Local {
  const places = findPlaces(parts.home, process.getuid?.() === 0);
  const marker = path.join(places.config, "wanted");
  let progress = NOTHING;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work).finally(() => (progress = NOTHING));
    queue = result.catch(() => undefined);
    return result;
  };
  const report = (what: string) => {
    progress = { ...progress, doing: what };
    parts.log(what);
  };
  const status = () => stateDuring(progress, localState(readTeam(places)));
  const adjusting = (write: (user: TeamUser) => void) =>
    inTurn(async () => {
      const user = await findTeamUser();
      makeFolders(places, user);
      write(user);
      if (status().state === "running") await startTeam({ ...parts, places, report }, lastModel(places));
    });
  return {
    places,
    start: (wishes = {}) =>
      inTurn(async () => {
        progress = { ...NOTHING, isTakingOver: readTeam(places)?.isLeftAlone ?? false };
        if (progress.isTakingOver) parts.log(TAKING_OVER);
        await startTeam({ ...parts, places, report }, wishes.model ?? lastModel(places));
        writeFileSync(marker, "");
        return status();
      }),
    stop: () =>
      inTurn(async () => {
        rmSync(marker, { force: true });
        await stopTeam(places);
        return status();
      }),
    status: async () => status(),
    setModelKey: ({ key }) =>
      adjusting((user) => writeCredential(credentialFile(places, "anthropic-key"), user, key.trim())),
    setWebSearch: (wish) => adjusting((user) => writeWebSearch(places, user, wish)),
    isWanted: () => existsSync(marker),
  };
}

/** How far a start of this process is. */
interface Progress {
  readonly doing: string | null;
  readonly isTakingOver: boolean;
}

const NOTHING: Progress = { doing: null, isTakingOver: false };

function stateDuring({ doing, isTakingOver }: Progress, found: LocalState): LocalState {
  const isDown = found.state === "stopped" || found.state === "unsupervised";
  const state: LocalState = isDown && doing !== null ? { state: "starting", doing } : found;
  return isTakingOver && state.state === "starting" ? { ...state, doing: `${TAKING_OVER}. ${state.doing}` } : state;
}

interface StartParts extends LocalParts {
  readonly places: Places;
  readonly report: (doing: string) => void;
}

async function startTeam(parts: StartParts, model: ModelName): Promise<void> {
  const { places, artifacts } = parts;
  const [runtime, user] = await Promise.all([findRuntime(places, artifacts), findTeamUser()]);
  const wanted: Wanted = { places, user, runtime, model, version: artifacts.version };
  const found = readTeam(places);
  if (isUsable(found) && readSpec(places)?.runtime === runtime.id) return adjust(wanted);
  const programs = findPrograms();
  if (found?.isSupervised) {
    parts.report("Stopping the team that runs");
    await stopTeam(places);
  }
  parts.report("Preparing the programs");
  makeFolders(places, user);
  const [postgres] = await Promise.all([findPostgres(places, user), installRuntime(places, artifacts)]);
  writeSpec(wanted, programs, postgres);
  parts.report("Starting the team");
  await untilRunning(places, settingsOf(wanted), await startSupervisor(places, runtime));
}

/** False when the supervisor is about to end, or is of no use. */
function isUsable(found: FoundTeam | null): boolean {
  return found !== null && found.isSupervised && ["starting", "running"].includes(found.report.state);
}

/** The team runs already: only its settings may differ. */
async function adjust(wanted: Wanted): Promise<void> {
  const { places } = wanted;
  const settings = settingsOf(wanted);
  if (readSpec(places)?.settings !== settings) {
    changeSpec(wanted);
    changeSettings(places);
  }
  await untilRunning(places, settings, null);
}

function lastModel(places: Places): ModelName {
  return readSpec(places)?.model === "anthropic" ? "anthropic" : "simulated";
}
