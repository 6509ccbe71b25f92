import { chmod, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { AppError } from "../../contract/errors.ts";

/** Two daemons would take each other's work over, so this is asked before anything else is touched. */
export async function refuseSecondDaemon(path: string): Promise<void> {
  if (!(await isAnswered(path))) return;
  throw new AppError("daemon.unhealthy", `Another daemon answers on ${path}`, {
    hint: "Stop it first: systemctl stop ai-infrastructure.",
  });
}

/** Listens on a Unix socket. A socket left behind by a dead daemon is removed; one that answers is left alone. */
export async function listenOnSocket(server: Server, path: string, mode: number): Promise<void> {
  await refuseSecondDaemon(path);
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
  await chmod(path, mode);
}

async function isAnswered(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => settle(true));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
