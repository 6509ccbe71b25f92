import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import type { Artifact, Release } from "../../provisioning/wanted.ts";
import { artifactName, pruneCache } from "./prune-cache.ts";

export interface ReleaseFiles {
  readonly version: string;
  /** The Node binary for servers, and the daemon's bundle. */
  readonly node: string;
  readonly daemon: string;
  /** Compressed copies are kept here. */
  readonly cacheDir: string;
}

/** Prepared when it is asked for first; a failure is tried again the next time, and so is what has been removed since. */
export function releaseOnDemand(files: ReleaseFiles): () => Promise<Release> {
  let prepared: Promise<Release> | undefined;
  const prepare = (): Promise<Release> =>
    (prepared ??= prepareRelease(files).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    }));
  return async () => {
    const { node, daemon } = await prepare();
    if (!(await exists(node.compressed)) || !(await exists(daemon.compressed))) prepared = undefined;
    return prepare();
  };
}

/** Measures and compresses what goes to servers; what has been compressed before is not compressed again. */
export async function prepareRelease(files: ReleaseFiles): Promise<Release> {
  const { cacheDir, version } = files;
  const [node, daemon] = await Promise.all([
    prepareArtifact("node", files.node, cacheDir),
    prepareArtifact("daemon", files.daemon, cacheDir),
  ]);
  await pruneCache(cacheDir, [node.compressed, daemon.compressed]);
  return { version, architecture: process.arch === "arm64" ? "aarch64" : "x86_64", node, daemon };
}

async function prepareArtifact(kind: string, file: string, cacheDir: string): Promise<Artifact> {
  const { size } = await stat(file);
  const sha256 = await hashFile(file);
  const compressed = path.join(cacheDir, artifactName(kind, sha256));
  await compress(file, compressed);
  return { compressed, sha256, bytes: size };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function compress(file: string, compressed: string): Promise<void> {
  if (await exists(compressed)) return;
  const part = `${compressed}.${process.pid}`;
  await mkdir(path.dirname(compressed), { recursive: true });
  try {
    await pipeline(createReadStream(file), createGzip({ level: constants.Z_BEST_SPEED }), createWriteStream(part));
    await rename(part, compressed);
  } finally {
    await rm(part, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
