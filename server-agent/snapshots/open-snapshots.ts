import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import { type DaemonConfig, SNAPSHOT_LIMITS } from "../../contract/daemon-config.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { type CopyFolder, openCopyFolder } from "./copy-folder.ts";
import { dropOld, type SnapshotLimits } from "./drop-old.ts";
import type { OwnedCopies } from "./owned-copies.ts";
import { listSnapshots, showSnapshot } from "./read-snapshots.ts";
import { restoreSnapshot, type RestoreParts, type RestoreRequest } from "./restore.ts";
import { serveCopy } from "./serve-copies.ts";

/** What people ask of snapshots. */
export interface SnapshotsApi {
  list(limit: number): Promise<Snapshot[]>;
  show(id: string): Promise<Snapshot>;
  restore(request: RestoreRequest): Promise<Snapshot>;
}

export interface Snapshots {
  readonly copies: CopyFolder;
  readonly owned: OwnedCopies;
  readonly limits: SnapshotLimits;
  readonly api: SnapshotsApi;
  /** Takes and gives copies on an agent's socket. */
  serve(request: IncomingMessage, response: ServerResponse, agent: AgentName): void;
  close(): void;
}

export interface SnapshotsParts extends Omit<RestoreParts, "limits"> {
  readonly config: Pick<DaemonConfig, "stateDir" | "snapshots">;
  readonly store: Store;
  readonly log: Log;
}

const DROP_EVERY_MS = 3_600_000;

export async function openSnapshots(parts: SnapshotsParts): Promise<Snapshots> {
  const { config, store, log } = parts;
  const limits = { ...SNAPSHOT_LIMITS, ...config.snapshots };
  const copies = openCopyFolder(path.join(config.stateDir, "snapshots"));
  const drop = async (): Promise<void> => {
    await dropOld({ store, copies, limits }).catch((error: unknown) => log.warn("old snapshots stay", { error }));
  };
  await copies.sweep(await knownCopies(store));
  await drop();
  const timer = setInterval(() => void drop(), DROP_EVERY_MS);
  return {
    copies,
    owned: parts.owned,
    limits,
    api: {
      list: async (limit) => await listSnapshots(store, limit),
      show: async (id) => await showSnapshot(store, id),
      restore: async (request) => await restoreSnapshot({ ...parts, limits }, request),
    },
    serve: (request, response, agent) => void serveCopy({ store, copies }, { request, response, agent }),
    close: () => clearInterval(timer),
  };
}

async function knownCopies(store: Store): Promise<string[]> {
  const rows = await store.read(async (db) => {
    const states = ["taking", "kept", "restoring"] as const;
    return await db.selectFrom("snapshots").select("id").where("state", "in", states).execute();
  });
  return rows.map(({ id }) => id);
}
