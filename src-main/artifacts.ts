import path from "node:path";

/** What was built with the app and runs elsewhere: on servers, and as the team on this computer. */
export interface Artifacts {
  /** The Node binary. */
  readonly node: string;
  readonly daemon: string;
  /** The folder of the model of the memory. */
  readonly memoryModel: string;
  /** The supervisor of the team on this computer. */
  readonly team: string;
  readonly version: string;
}

interface Build {
  /** The folder `out/` of the build. */
  readonly folder: string;
  readonly node: string;
  readonly version: string;
}

export function builtArtifacts({ folder, node, version }: Build): Artifacts {
  return {
    node,
    daemon: path.join(folder, "daemon", "daemon.mjs"),
    memoryModel: path.join(folder, "memory-model"),
    team: path.join(folder, "local", "local-team.mjs"),
    version,
  };
}
