import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";
import type { Artifact, Release } from "../../provisioning/wanted.ts";
import { artifactName, pruneCache } from "./prune-cache.ts";

export interface ReleaseFiles {
  readonly version: string;
  /** The Node binary for servers, the daemon's bundle, and the folder of the model of the memory. */
  readonly node: string;
  readonly daemon: string;
  readonly memoryModel: string;
  /** Compressed copies are kept here. */
  readonly cacheDir: string;
}

/** Measured when it is asked for first; a failure is tried again the next time. */
export function releaseOnDemand(files: ReleaseFiles): () => Promise<Release> {
  let prepared: Promise<Release> | undefined;
  return () =>
    (prepared ??= prepareRelease(files).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    }));
}

/** Measures what goes to servers; it is compressed when a server needs it, once for all of them. */
export async function prepareRelease({ cacheDir, version, ...files }: ReleaseFiles): Promise<Release> {
  const [node, daemon, ...model] = await Promise.all([
    measure("node", files.node, cacheDir),
    measure("daemon", files.daemon, cacheDir),
    ...MEMORY_MODEL_FILES.map((name) => measure(name, path.join(files.memoryModel, name), cacheDir)),
  ]);
  let making: Promise<void> | undefined;
  const withCopies = ({ copy, sha256, bytes }: Measured): Artifact => ({
    sha256,
    bytes,
    async compressed() {
      making ??= makeCopies([node, daemon, ...model], cacheDir).finally(() => (making = undefined));
      await making;
      return copy;
    },
  });
  const architecture = process.arch === "arm64" ? "aarch64" : "x86_64";
  const memoryModel = model.map((file) => ({ name: file.kind, artifact: withCopies(file) }));
  return { version, architecture, node: withCopies(node), daemon: withCopies(daemon), memoryModel };
}

interface Measured<Kind extends string = string> {
  readonly kind: Kind;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Where it lies compressed, once it does. */
  readonly copy: string;
}

async function measure<Kind extends string>(kind: Kind, file: string, cacheDir: string): Promise<Measured<Kind>> {
  const { size } = await stat(file);
  const sha256 = await hashFile(file);
  return { kind, file, sha256, bytes: size, copy: path.join(cacheDir, artifactName(kind, sha256)) };
}

/** What has been compressed before is not compressed again. */
async function makeCopies(measured: readonly Measured[], cacheDir: string): Promise<void> {
  await Promise.all(measured.map(({ file, copy }) => compress(file, copy)));
  await pruneCache(
    cacheDir,
    measured.map(({ copy }) => copy),
  );
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
