import { unpack } from "./commands/runtime.ts";
import type { StepContext } from "./step.ts";
import type { Artifact } from "./wanted.ts";

/** A file of the app in its place on a server. */
export interface Placed {
  /** What people call it. */
  readonly title: string;
  readonly artifact: Artifact;
  readonly path: string;
  /** Octal. */
  readonly mode: string;
}

/** Uploaded beside, checked, moved. Its folder is there. */
export async function bringArtifact(placed: Placed, { shell, signal, progress, log }: StepContext): Promise<void> {
  const { title, artifact, path, mode } = placed;
  log(`Uploading ${title}`);
  const upload = { source: await artifact.compressed(), destination: `${path}.gz`, mode: "0600" };
  await shell.upload(upload, { signal, onProgress: progress });
  await shell.run(unpack({ path, sha256: artifact.sha256, mode }), { signal });
}

/** As a line of a plan. */
export function describeUpload({ title, artifact, path }: Placed): string {
  return `Upload ${title} (${sizeOf(artifact)}) to ${path}`;
}

function sizeOf({ bytes }: Artifact): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
