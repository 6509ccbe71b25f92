import type { Level } from "./agents.ts";
import type { Destructive } from "./approvals.ts";
import type { BrokerCall, DockerInput, NginxInput, OwnedCopiesInput, SnapshotsInput, SystemdInput } from "./broker.ts";

export type VerbName =
  | `systemd.${SystemdInput["action"]}`
  | `nginx.${NginxInput["request"]["action"]}`
  | `docker.${DockerInput["request"]["action"]}`
  | "packages.install"
  | "run_as_root"
  | `snapshots.${SnapshotsInput["request"]["action"]}`
  | `owned_copies.${OwnedCopiesInput["request"]["action"]}`;

export interface VerbRule {
  readonly level: Level;
  /**
   * What the broker wants to see besides the caller. `nothing`: reading. `permission`: the daemon has let this exact call
   * run, once. `person`: a person has allowed it, or granted such calls; no rule has.
   */
  readonly needs: "nothing" | "permission" | "person";
  /** Whether the policy asks somebody first: a rule, a grant or a person. */
  readonly asks: boolean;
  readonly destroys: Destructive["kind"] | null;
  /** What is kept before it is done, for a restore. */
  readonly keeps: "unit" | "site" | "containers" | "packages" | "copies" | null;
}

const nothing = { destroys: null, keeps: null } as const;
const reads = (level: Level): VerbRule => ({ level, needs: "nothing", asks: false, ...nothing });
/** Takes up what is there already. */
const applies: VerbRule = { level: 2, needs: "permission", asks: false, ...nothing };
const changes: VerbRule = { ...applies, asks: true };
const asks: VerbRule = { level: 2, needs: "person", asks: true, ...nothing };

/** Everything the broker can do, and what it takes. docs/broker.md says why. */
export const VERB_RULES: Readonly<Record<VerbName, VerbRule>> = {
  "systemd.status": reads(2),
  "systemd.start": changes,
  "systemd.restart": changes,
  "systemd.reload": applies,
  "systemd.enable": changes,
  "systemd.stop": { ...asks, destroys: "service", keeps: "unit" },
  "systemd.disable": { ...asks, destroys: "service", keeps: "unit" },
  "nginx.test": reads(2),
  "nginx.reload": applies,
  "nginx.write_site": { ...asks, destroys: "files", keeps: "site" },
  "docker.ps": reads(2),
  "docker.logs": reads(2),
  "docker.run": changes,
  "docker.pull": applies,
  "docker.compose_up": changes,
  "docker.stop": { ...asks, destroys: "container", keeps: "containers" },
  "docker.rm": { ...asks, destroys: "container", keeps: "containers" },
  "docker.prune": { ...asks, destroys: "container", keeps: "containers" },
  "docker.compose_down": { ...asks, destroys: "container", keeps: "containers" },
  "packages.install": { ...changes, keeps: "packages" },
  /** Files, repositories and tables, as far as its words name them. */
  run_as_root: { ...asks, level: 3, keeps: "copies" },
  "snapshots.list": reads(2),
  "snapshots.restore": { ...changes, keeps: "copies" },
  /** The daemon's alone. */
  "owned_copies.keep": { ...changes, level: 3, keeps: "copies" },
  "owned_copies.restore": { ...changes, level: 3, keeps: "copies" },
};

export function verbOf(call: BrokerCall): VerbName {
  switch (call.tool) {
    case "systemd":
      return `systemd.${call.input.action}`;
    case "nginx":
      return `nginx.${call.input.request.action}`;
    case "docker":
      return `docker.${call.input.request.action}`;
    case "packages":
      return `packages.${call.input.action}`;
    case "run_as_root":
      return "run_as_root";
    case "snapshots":
      return `snapshots.${call.input.request.action}`;
    case "owned_copies":
      return `owned_copies.${call.input.request.action}`;
  }
}

/** For people and for the trail: one line that says what a call is about. */
export function describeCall(call: BrokerCall): string {
  switch (call.tool) {
    case "systemd":
      return `${call.input.action} ${call.input.unit}`;
    case "nginx": {
      const { request } = call.input;
      return request.action === "write_site" ? `write the site ${request.name}` : `${request.action} nginx`;
    }
    case "docker":
      return `docker ${dockerWords(call.input.request)}`;
    case "packages":
      return `install ${call.input.names.join(" ")}`;
    case "run_as_root":
      return call.input.argv.join(" ");
    case "snapshots": {
      const { request } = call.input;
      return request.action === "restore" ? `restore the snapshot ${request.id}` : "list snapshots";
    }
    case "owned_copies": {
      const { request } = call.input;
      if (request.action === "restore") return `restore the snapshot ${request.of} with its owners`;
      return `keep the owners of ${[...request.files, ...request.repositories].join(", ")}`;
    }
  }
}

function dockerWords(request: DockerInput["request"]): string {
  switch (request.action) {
    case "ps":
      return "ps";
    case "logs":
    case "stop":
    case "rm":
      return `${request.action} ${request.container}`;
    case "run":
      return `run ${request.name} from ${request.container.image}`;
    case "pull":
      return `pull ${request.image}`;
    case "prune":
      return `prune ${request.what}`;
    case "compose_up":
    case "compose_down":
      return `compose ${request.action === "compose_up" ? "up" : "down"} ${request.project}`;
  }
}
