import type { AuditCheckEvent } from "../../contract/audit-check.ts";
import { AppError } from "../../contract/errors.ts";
import { connectDaemon } from "../tunnel/daemon-client.ts";
import { newestHead } from "./head-notes.ts";
import { createTrailNotes, type NotesParts } from "./trail-notes.ts";
import { verifyTrail } from "./verify-trail.ts";
import { visit } from "./visit.ts";
import { watchServers } from "./watch-servers.ts";

export interface AuditParts extends NotesParts {
  readonly now: () => Date;
}

interface Asked {
  readonly serverId: string;
}

/** Keeps the heads of every server's audit trail on this computer, and checks trails against them. */
export function createAudit(parts: AuditParts) {
  const { servers } = parts;
  const trails = createTrailNotes(parts);
  const now = () => parts.now().toISOString();

  const watch = watchServers({
    links: servers,
    list: () => servers.list(),
    watch: (signal) => servers.watch(signal),
    greet: async (serverId) => void (await trails.orTell(serverId, trails.read(serverId))),
    async visit(serverId, api, signal) {
      const notes = await trails.orTell(serverId, trails.read(serverId));
      // After an alarm the evidence stays as it is until a person has seen it.
      if (!notes || notes.alarm) return;
      const line = await visit({ api, notes, now, signal });
      if (line) await trails.orTell(serverId, trails.add(serverId, line));
    },
  });

  return {
    async *verify(
      { serverId }: Asked,
      signal: AbortSignal = new AbortController().signal,
    ): AsyncGenerator<AuditCheckEvent, void> {
      const daemon = await connectDaemon(servers, serverId, signal);
      try {
        const notes = await trails.read(serverId);
        const { verdict, last } = yield* verifyTrail(daemon.api, notes, signal);
        const [fault] = verdict.state === "broken" ? verdict.faults : [];
        const isNews = last.seq > (newestHead(notes)?.seq ?? 0);
        const line = fault ? { at: now(), alarm: fault } : { ...last, at: now() };
        if (!notes.alarm && (fault || isNews)) await trails.orTell(serverId, trails.add(serverId, line));
        yield { type: "ended", verdict };
      } finally {
        daemon.close();
      }
    },

    async acknowledge({ serverId, at }: Asked & { readonly at: string }): Promise<void> {
      const { alarm } = await trails.read(serverId);
      if (alarm?.at !== at) throw new AppError("app.bad_input", "There is no such warning to acknowledge");
      await trails.add(serverId, { at: now(), restart: "acknowledged" });
    },

    /** After the server's data was removed from here, trail and all: its next trail is another one. */
    async forgetTrail(serverId: string): Promise<void> {
      await trails.add(serverId, { at: now(), restart: "unprovisioned" });
    },

    close: () => watch.close(),
  };
}
