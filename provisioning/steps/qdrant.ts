import { AppError } from "../../contract/errors.ts";
import {
  fetchQdrant,
  handOverQdrantKey,
  makeQdrantPlace,
  prepareQdrant,
  QDRANT_ARCHIVE,
  removeQdrant,
  startQdrant,
  unpackQdrant,
} from "../commands/qdrant.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { loadable } from "../files/loadable.ts";
import type { OurFile } from "../files/our-files.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { qdrantConfig, qdrantUnit } from "../files/qdrant.ts";
import { qdrantKeyDropIn } from "../files/units.ts";
import { DAEMON_UNIT, QDRANT_DIR, QDRANT_KEY, QDRANT_PROGRAM, QDRANT_UNIT } from "../layout.ts";
import { QDRANT_VERSION, qdrantRelease } from "../qdrant.ts";
import type { Step, StepContext } from "../step.ts";
import type { Wanted } from "../wanted.ts";

const TITLE = `Qdrant ${QDRANT_VERSION}`;

/** Nothing waits for it: where it cannot be had, the team remembers without it. */
export const qdrant: Step = {
  id: "qdrant",
  title: "Qdrant",
  area: "data",
  reason: "Finds what the team remembers when there is much of it. It can be made anew from the database at any time.",
  needs: ["packages", "configuration"],
  probes: ["qdrant", "paths"],
  plan(facts, wanted) {
    const serving = planServing(facts, wanted);
    if (facts.qdrant.isPortTaken || serving === null) return [];
    const lines = [...serving, ...planFiles(facts, [keyForDaemon(facts)])];
    if (facts.qdrant.isDaemonWithoutKey) lines.push(`Restart ${DAEMON_UNIT}, which uses it from then on`);
    return lines;
  },
  note(facts, wanted) {
    if (facts.qdrant.isPortTaken)
      return "Another program holds port 6333 or 6334 and goes on: the team uses its built-in memory.";
    if (planBringing(facts, wanted) !== null) return null;
    const { url = "" } = qdrantRelease(facts.architecture) ?? {};
    return `${TITLE} cannot be had here (${url}: ${facts.qdrant.unreachable}): the team uses its built-in memory until a later run finds it, or is given it with --qdrant FILE.`;
  },
  isLeftOut: (facts, wanted) => facts.qdrant.isPortTaken || planBringing(facts, wanted) === null,
  async apply(context) {
    const { shell, facts, wanted, signal } = context;
    if (!isInstalled(facts) && !(await bring(context))) return;
    await shell.run(prepareQdrant(), { signal });
    const test = 'systemd-analyze verify --man=no "$1"';
    for (const file of differingFiles(facts, files(facts)))
      await shell.run(writeFile(file, file.path === qdrantUnit.path ? test : "true"), { signal });
    if (planServing(facts, wanted)?.length !== 0) await shell.run(startQdrant(), { signal, timeoutMs: 120_000 });
    for (const file of differingFiles(facts, [keyForDaemon(facts)])) await shell.run(writeFile(file), { signal });
    await shell.run(handOverQdrantKey(), { signal, timeoutMs: 120_000 });
  },
  undo: { changes: [`Stop and remove ${QDRANT_UNIT}, ${QDRANT_PROGRAM} and ${QDRANT_DIR}`], command: removeQdrant() },
};

/** What is to be done until it serves; null when it is not there and cannot be had. */
function planServing(facts: Facts, wanted: Wanted): readonly string[] | null {
  const bringing = planBringing(facts, wanted);
  if (bringing === null) return null;
  const lines = [...bringing, ...planFiles(facts, files(facts))];
  if (!facts.qdrant.hasKey) lines.push(`Make a key for it in ${QDRANT_KEY.path}`);
  if (lines.length > 0 || !facts.qdrant.isServing || !facts.qdrant.isCurrent)
    lines.push(`Start ${QDRANT_UNIT} on 127.0.0.1, at boot too`);
  return lines;
}

function keyForDaemon(facts: Facts): OurFile {
  return loadable(facts, qdrantKeyDropIn);
}

function files(facts: Facts): readonly OurFile[] {
  return [qdrantConfig, loadable(facts, qdrantUnit)];
}

function isInstalled({ architecture, qdrant: { installed } }: Facts): boolean {
  return installed !== "" && installed === qdrantRelease(architecture)?.sha256;
}

/** Null when it is not there and cannot be had. */
function planBringing(facts: Facts, wanted: Wanted): readonly string[] | null {
  const release = qdrantRelease(facts.architecture);
  if (release === null) return null;
  if (isInstalled(facts)) return [];
  if (wanted.qdrant) return [`Upload ${TITLE} (${Math.round(release.bytes / 1e6)} MB) to ${QDRANT_PROGRAM}`];
  if (facts.qdrant.unreachable !== "") return null;
  return [`Fetch ${release.url} (${Math.round(release.bytes / 1e6)} MB), checked by its SHA-256, to ${QDRANT_PROGRAM}`];
}

/** False when it could not be fetched: whether that is to be expected, the server says when it is looked at again. */
async function bring({ shell, facts, wanted, signal, log, progress }: StepContext): Promise<boolean> {
  const release = qdrantRelease(facts.architecture);
  if (release === null) return false;
  if (wanted.qdrant) {
    await shell.run(makeQdrantPlace(), { signal });
    const upload = { source: wanted.qdrant.path, destination: QDRANT_ARCHIVE, mode: "0600" };
    await shell.upload(upload, { signal, onProgress: progress });
  } else {
    log(`Fetching ${TITLE}`);
    const fetched = await shell.runDetached(fetchQdrant(release.url), { key: "qdrant", signal }).catch(notFetched(log));
    if (!fetched) return false;
  }
  await shell.run(unpackQdrant(release.sha256), { signal });
  return true;
}

function notFetched(log: StepContext["log"]) {
  return (failure: unknown): null => {
    if (!(failure instanceof AppError) || failure.code !== "provision.step_failed") throw failure;
    log(`It could not be fetched: ${failure.details ?? failure.message}`);
    return null;
  };
}
