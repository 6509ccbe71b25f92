import { open, rm } from "node:fs/promises";
import { AppError } from "../../contract/errors.ts";
import type { Server } from "../../contract/servers.ts";
import type { DaemonClient } from "../tunnel/daemon-client.ts";
import { OK, type Context, type Outcome } from "./context.ts";
import { withDaemon } from "./daemon.ts";

/** Writes the whole trail to a file that does not exist yet, or to standard output. */
export async function exportTrail(context: Context, server: Server, file: string | undefined): Promise<Outcome> {
  const write = (text: string): void => void process.stdout.write(text);
  if (file === undefined || file === "-") {
    const records = await withDaemon(context, server.id, (api) => copyTrail({ api, signal: context.signal, write }));
    return { result: { ok: true, records }, exitCode: OK };
  }
  return await withDaemon(context, server.id, async (api) => {
    const handle = await openNew(file);
    try {
      const records = await copyTrail({ api, signal: context.signal, write: (text) => handle.appendFile(text) });
      context.screen.print(`${records} records written to ${file}`);
      return { result: { ok: true, records, file }, exitCode: OK };
    } catch (error) {
      // A part of a trail looks like a whole one.
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  });
}

async function openNew(file: string) {
  try {
    return await open(file, "wx", 0o600);
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new AppError("app.bad_input", `${file} cannot be written: ${exists ? "it exists" : String(cause)}`, {
      hint: exists ? "Choose another name, or move the old copy away." : undefined,
      cause,
    });
  }
}

interface Copy {
  readonly api: DaemonClient["api"];
  readonly signal: AbortSignal;
  readonly write: (text: string) => Promise<void> | void;
}

/** One record a line, each with the exact text that was hashed; returns how many. */
async function copyTrail({ api, signal, write }: Copy): Promise<number> {
  let count = 0;
  for await (const records of await api.audit.read({ after: 0 }, { signal })) {
    await write(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    count += records.length;
  }
  if (signal.aborted) throw new AppError("app.cancelled", "Cancelled");
  return count;
}
