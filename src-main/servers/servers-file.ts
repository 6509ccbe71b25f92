import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { Server } from "../../contract/servers.ts";
import { makeHome } from "./home.ts";

const Content = z.object({ version: z.literal(1), servers: z.array(Server) });

export interface ServersFile {
  load(): Promise<readonly Server[]>;
  save(servers: readonly Server[]): Promise<void>;
}

/** The list of servers in `servers.json`. A file that cannot be read is kept aside, never overwritten. */
export function serversFile(home: string, report: (message: string) => void): ServersFile {
  const file = path.join(home, "servers.json");
  return {
    async load() {
      const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
      if (text === null) return [];
      const content = parse(text);
      if (content.success) return content.data.servers;
      const aside = path.join(home, `servers.broken-${Date.now()}.json`);
      await rename(file, aside);
      report(`The list of servers could not be read; it was kept as ${aside}: ${content.error.message}`);
      return [];
    },
    async save(servers) {
      await makeHome(home);
      const part = `${file}.${randomUUID()}.part`;
      try {
        await writeFile(part, `${JSON.stringify({ version: 1, servers }, null, 2)}\n`, { mode: 0o600, flush: true });
        await rename(part, file);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
  };
}

function parse(text: string) {
  try {
    return Content.safeParse(JSON.parse(text));
  } catch (error) {
    return { success: false as const, error: error as Error };
  }
}
