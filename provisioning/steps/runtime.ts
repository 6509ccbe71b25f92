import { bringArtifact, describeUpload, type Placed } from "../bring-artifact.ts";
import { activateRelease, takeOver } from "../commands/runtime.ts";
import { rootScript } from "../commands/script.ts";
import { keepFormer } from "../commands/upgrade.ts";
import type { Facts } from "../facts.ts";
import { CURRENT_RELEASE, INSTALL_DIR } from "../layout.ts";
import { formerRelease, releaseFolder, releaseId } from "../release.ts";
import type { Step, StepContext } from "../step.ts";
import type { Wanted } from "../wanted.ts";

/** Where another release runs, this one is only brought: the step that starts it knows the way back. */
export const runtime: Step = {
  id: "runtime",
  title: "Node and the daemon",
  area: "runtime",
  reason: "Both come from this app, so that the server needs no internet beyond its package mirror.",
  needs: ["accounts"],
  probes: ["release"],
  plan(facts, wanted) {
    const lines = missingParts(facts, wanted).map((part) =>
      part.isHere ? `Take over ${part.title}, unchanged, to ${part.path}` : describeUpload(part),
    );
    const former = formerRelease(facts, wanted.release);
    if (former === null) {
      const isCurrent = facts.release.folder === releaseFolder(wanted.release);
      return isCurrent ? lines : [...lines, `Make release ${releaseId(wanted.release)} current`];
    }
    const isRemembered = facts.release.upgradeFrom !== "";
    return isRemembered ? lines : [`Remember ${former} and its settings, to go back to`, ...lines];
  },
  async apply(context) {
    const { shell, facts, wanted, signal } = context;
    const folder = releaseFolder(wanted.release);
    const former = formerRelease(facts, wanted.release);
    if (former !== null) await shell.run(keepFormer(former), { signal });
    await shell.run(rootScript(`mkdir -p "$1"`, folder), { signal });
    for (const part of missingParts(facts, wanted)) await bring(part, context);
    if (former === null) await shell.run(activateRelease(folder), { signal });
  },
  undo: { changes: [`Remove ${INSTALL_DIR}`], command: rootScript(`rm -rf "$1"`, INSTALL_DIR) },
};

interface Part extends Placed {
  /** The release that runs has the same file. */
  readonly isHere: boolean;
}

function missingParts({ release }: Facts, wanted: Wanted): readonly Part[] {
  const folder = releaseFolder(wanted.release);
  const { node, daemon } = wanted.release;
  const isCurrent = release.folder === folder;
  const parts = [
    { title: "Node", artifact: node, path: `${folder}/node`, mode: "755", sha256: release.node },
    { title: "the daemon", artifact: daemon, path: `${folder}/daemon.mjs`, mode: "644", sha256: release.daemon },
  ].map((part) => ({ ...part, isHere: part.sha256 === part.artifact.sha256 }));
  if (isCurrent) return parts.filter((part) => !part.isHere);
  return release.kept.includes(folder) ? [] : parts;
}

async function bring(part: Part, context: StepContext): Promise<void> {
  if (!part.isHere) return bringArtifact(part, context);
  const { path, mode, artifact } = part;
  const present = `${CURRENT_RELEASE}/${path.slice(path.lastIndexOf("/") + 1)}`;
  await context.shell.run(takeOver(present, { path, mode, sha256: artifact.sha256 }), { signal: context.signal });
}
