import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Artifact, Release } from "../../provisioning/wanted.ts";

const ArtifactFile = z.object({ file: z.string(), sha256: z.string(), bytes: z.number() });

/** `release.json` of the installer's archive, as the packaging writes it. */
export const ReleaseFile = z.object({
  version: z.string(),
  architecture: z.string(),
  node: ArtifactFile,
  daemon: ArtifactFile,
  memoryModel: z.array(ArtifactFile.extend({ name: z.enum(MEMORY_MODEL_FILES) })),
});
export type ReleaseFile = z.infer<typeof ReleaseFile>;

/** What lies beside the installer for this server. */
export async function readRelease(folder: string): Promise<Release> {
  const written: unknown = JSON.parse(await readFile(path.join(folder, "release.json"), "utf8"));
  const { version, architecture, node, daemon, memoryModel } = ReleaseFile.parse(written);
  const artifact = ({ file, sha256, bytes }: z.infer<typeof ArtifactFile>): Artifact => ({
    compressed: async () => await Promise.resolve(path.join(folder, file)),
    sha256,
    bytes,
  });
  return {
    version,
    architecture,
    node: artifact(node),
    daemon: artifact(daemon),
    memoryModel: memoryModel.map(({ name, ...file }) => ({ name, artifact: artifact(file) })),
  };
}
