import type { AgentName } from "../../contract/agents.ts";
import type { BrokerPolicy } from "../../contract/broker-policy.ts";
import type { Kept, RootSnapshot } from "../../contract/root-snapshots.ts";
import type { RootLosses } from "../../contract/root-losses.ts";
import type { Argv, Programs } from "./programs.ts";
import type { Snapshots } from "./snapshots.ts";

export interface Owners {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** What every verb may use. */
export interface Workbench {
  readonly programs: Programs;
  readonly snapshots: Snapshots;
  /** Those that belong to snapshots of the daemon. */
  readonly ownedCopies: Snapshots;
  readonly units: BrokerPolicy["units"];
  /** What a command as root would destroy. */
  readonly lossesOf: (argv: readonly string[]) => RootLosses;
  /** Runs this program in another role. */
  readonly ownProgram: Argv;
  /** For files in the making, changeable by root alone. */
  readonly workFolder: string;
  /** The descriptions of the projects that run. */
  readonly composeFolder: string;
  /** Of an agent's files: its user, its group and its team's. */
  readonly ownersOf: (agent: AgentName) => Promise<Owners>;
  /** `uid:gid` that containers run as which see folders of the host: the infra agent and its team. */
  readonly agentIds: () => Promise<string>;
  /** Where nginx has its configuration. */
  readonly nginxFolder: string;
  /** For people and the model, as it comes. */
  readonly onOutput: (text: string) => void;
  /** What is being done, for people. */
  readonly onProgress: (text: string) => void;
}

/** The verbs of one tool. */
export interface Family<Input> {
  /** Throws what is refused whoever asks, before anything is asked for or touched. */
  check(input: Input): Promise<void>;
  /** What must be kept before, null for nothing; files go into `folder`. */
  keep(input: Input, folder: string): Promise<Kept | null>;
  /** Gives one line that says what was done. */
  act(input: Input, snapshot: RootSnapshot | null): Promise<string>;
}

/** Puts back what a snapshot kept, and says in one line what is as before. */
export type Restore<Kind extends Kept["kind"]> = (
  kept: Extract<Kept, { kind: Kind }>,
  folder: string,
) => Promise<string>;
