import type { MemoryModelFile } from "../contract/memory-model.ts";
import type { Wishes } from "../contract/provision.ts";

/** A file of the app that belongs on the server. */
export interface Artifact {
  /** The gzipped file on this computer; it may have to be made first. */
  readonly compressed: () => Promise<string>;
  /** Of the file itself, not of its compressed form. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What the app brings to a server. */
export interface Release {
  readonly version: string;
  /** As `uname -m` on the server says it. */
  readonly architecture: string;
  readonly node: Artifact;
  readonly daemon: Artifact;
  /** Of which all files; not in the release's folder, and no part of its name. */
  readonly memoryModel: readonly ModelFile[];
}

export interface ModelFile {
  readonly name: MemoryModelFile;
  readonly artifact: Artifact;
}

/** A file that a person has on this computer. */
export interface GivenFile {
  readonly path: string;
  readonly sha256: string;
}

/** All that a plan depends on besides the server itself. */
export interface Wanted {
  readonly wishes: Wishes;
  readonly release: Release;
  /** The archive of Qdrant that a person gave; null: the server fetches it itself. */
  readonly qdrant: GivenFile | null;
}
