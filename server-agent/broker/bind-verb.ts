import type { BrokerCall } from "../../contract/broker.ts";
import type { Kept, RootSnapshot } from "../../contract/root-snapshots.ts";
import { dockerFamily } from "./docker-verbs.ts";
import type { Family, Workbench } from "./family.ts";
import { nginxFamily } from "./nginx-verbs.ts";
import { ownedCopiesFamily } from "./owned-copies.ts";
import { packagesFamily } from "./package-verbs.ts";
import { rootFamily } from "./root-verb.ts";
import { snapshotsFamily } from "./snapshot-verbs.ts";
import { systemdFamily } from "./systemd-verbs.ts";

/** A verb with its input: what `Family` has, for one call. */
export interface BoundVerb {
  check(): Promise<void>;
  keep(folder: string): Promise<Kept | null>;
  act(snapshot: RootSnapshot | null): Promise<string>;
}

export function bindVerb(bench: Workbench, call: BrokerCall): BoundVerb {
  switch (call.tool) {
    case "systemd":
      return bind(systemdFamily(bench), call.input);
    case "nginx":
      return bind(nginxFamily(bench), call.input);
    case "docker":
      return bind(dockerFamily(bench), call.input);
    case "packages":
      return bind(packagesFamily(bench), call.input);
    case "run_as_root":
      return bind(rootFamily(bench), call.input);
    case "snapshots":
      return bind(snapshotsFamily(bench), call.input);
    case "owned_copies":
      return bind(ownedCopiesFamily(bench), call.input);
  }
}

function bind<Input>(family: Family<Input>, input: Input): BoundVerb {
  return {
    check: async () => await family.check(input),
    keep: async (folder) => await family.keep(input, folder),
    act: async (snapshot) => await family.act(input, snapshot),
  };
}
