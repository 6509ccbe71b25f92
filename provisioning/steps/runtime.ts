import { activateRelease, unpack } from "../commands/runtime.ts";
import { rootScript } from "../commands/script.ts";
import type { Facts } from "../facts.ts";
import { INSTALL_DIR, RELEASES_DIR } from "../layout.ts";
import type { Step, StepContext } from "../step.ts";
import type { Artifact, Wanted } from "../wanted.ts";

export const runtime: Step = {
  id: "runtime",
  title: "Node and the daemon",
  area: "runtime",
  reason: "Both come from this app, so that the server needs no internet beyond its package mirror.",
  needs: ["accounts"],
  probes: ["release"],
  plan(facts, wanted) {
    const lines = parts(facts, wanted)
      .filter((part) => !part.present)
      .map((part) => `Upload ${part.title} (${megabytes(part.artifact)}) to ${part.path}`);
    if (facts.release.folder !== releaseFolder(wanted)) lines.push(`Make release ${wanted.release.version} current`);
    return lines;
  },
  async apply(context) {
    const { shell, facts, wanted, signal } = context;
    const folder = releaseFolder(wanted);
    await shell.run(rootScript(`mkdir -p "$1"`, folder), { signal });
    for (const part of parts(facts, wanted).filter((candidate) => !candidate.present)) await bring(part, context);
    await shell.run(activateRelease(folder), { signal });
  },
  undo: { changes: [`Remove ${INSTALL_DIR}`], command: rootScript(`rm -rf "$1"`, INSTALL_DIR) },
};

interface Part {
  readonly title: string;
  readonly artifact: Artifact;
  readonly path: string;
  readonly mode: string;
  readonly present: boolean;
}

function parts(facts: Facts, wanted: Wanted): readonly Part[] {
  const folder = releaseFolder(wanted);
  const isPresent = (sha256: string, artifact: Artifact) =>
    facts.release.folder === folder && sha256 === artifact.sha256;
  const { node, daemon } = wanted.release;
  return [
    {
      title: "Node",
      artifact: node,
      path: `${folder}/node`,
      mode: "755",
      present: isPresent(facts.release.node, node),
    },
    {
      title: "the daemon",
      artifact: daemon,
      path: `${folder}/daemon.mjs`,
      mode: "644",
      present: isPresent(facts.release.daemon, daemon),
    },
  ];
}

async function bring(part: Part, { shell, signal, progress, log }: StepContext): Promise<void> {
  log(`Uploading ${part.title}`);
  const upload = { source: part.artifact.compressed, destination: `${part.path}.gz`, mode: "0600" };
  await shell.upload(upload, { signal, onProgress: progress });
  await shell.run(unpack({ path: part.path, sha256: part.artifact.sha256, mode: part.mode }), { signal });
}

function releaseFolder(wanted: Wanted): string {
  return `${RELEASES_DIR}/${wanted.release.version}`;
}

function megabytes({ bytes }: Artifact): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
