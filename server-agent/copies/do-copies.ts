import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { KeepOrder, RestoreOrder } from "../../contract/keeping.ts";
import { copyDatabase, restoreDatabase } from "./copy-database.ts";
import { type Copied, copyFiles, restoreFiles } from "./copy-files.ts";
import { createTransfer } from "./transfer.ts";

export interface CopyPlace {
  readonly config: Pick<DaemonConfig, "workspace" | "workspaceDatabase">;
  /** The agent's own socket of the daemon. */
  readonly socketPath: string;
}

const ATTEMPTS = 3;

/** Takes a copy and brings it to the daemon. A file that changes meanwhile, or a daemon that ends, makes it begin again. */
export async function takeCopy(order: KeepOrder, place: CopyPlace, signal: AbortSignal): Promise<Copied> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copyOnce(order, place, signal);
    } catch (error) {
      const isPassing = !(error instanceof AppError) || /changed as we read it/.test(error.message);
      if (signal.aborted || attempt === ATTEMPTS || !isPassing) throw error;
    }
  }
}

async function copyOnce(order: KeepOrder, { config, socketPath }: CopyPlace, signal: AbortSignal): Promise<Copied> {
  const parts = { transfer: createTransfer(socketPath), signal };
  const { plan } = order;
  if (plan.kind !== "database") return await copyFiles({ ...order, plan }, { ...parts, workspace: config.workspace });
  return await copyDatabase({ ...order, names: plan.names }, { ...parts, database: config.workspaceDatabase });
}

export async function putBack(
  order: RestoreOrder,
  { config, socketPath }: CopyPlace,
  signal: AbortSignal,
): Promise<void> {
  const parts = { transfer: createTransfer(socketPath), signal };
  if (order.kind === "files") return await restoreFiles(order, { ...parts, workspace: config.workspace });
  return await restoreDatabase(order, { ...parts, database: config.workspaceDatabase });
}
