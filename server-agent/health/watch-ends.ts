import { mkdir } from "node:fs/promises";
import path from "node:path";
import { TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import type { Log } from "../platform/log.ts";
import { watchFiles } from "../platform/watch-files.ts";
import { ENDS_FOLDER, LATEST_END } from "../team/tmux-config.ts";
import { forgetEnd, type ProgramEnd, readEnds } from "./read-ends.ts";

export interface EndsWatch {
  readonly config: Pick<DaemonConfig, "runDir">;
  readonly log: Log;
  /** One after the other, each until it succeeds. */
  readonly onEnd: (end: ProgramEnd) => Promise<void>;
}

/** Tells of every end of a window's program, also of those while the daemon was away. Resolves with how to stop. */
export async function watchEnds({ config, log, onEnd }: EndsWatch): Promise<() => void> {
  const folder = path.join(path.dirname(path.join(config.runDir, TMUX_SOCKET)), ENDS_FOLDER);
  let running: Promise<void> = Promise.resolve();
  const take = async (): Promise<void> => {
    for (const end of await readEnds(folder)) {
      await onEnd(end);
      await forgetEnd(folder, end);
    }
  };
  const takeSoon = (): void => {
    running = running.then(take).catch((error: unknown) => log.warn("cannot record the end of a console", { error }));
  };
  // A folder that is there is watched; one that is not is looked for now and then.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stop = await watchFiles([path.join(folder, LATEST_END)], takeSoon);
  takeSoon();
  return stop;
}
