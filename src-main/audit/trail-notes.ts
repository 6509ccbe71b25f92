import { faultWords } from "../../contract/audit-words.ts";
import type { Servers } from "../servers/servers.ts";
import { type HeadsFile, headsFile } from "./heads-file.ts";
import type { HeadNotes, NoteLine } from "./head-notes.ts";

export interface NotesParts {
  readonly home: string;
  readonly servers: Servers;
  readonly log: (line: string) => void;
}

/** The notes about all servers' trails; what they say of a change is shown with the server and told in the log. */
export interface TrailNotes {
  /** As they are in the file, which other shells write too. */
  read(serverId: string): Promise<HeadNotes>;
  add(serverId: string, line: NoteLine): Promise<void>;
  /** Tells that the notes cannot be kept; null in their place. */
  orTell<T>(serverId: string, work: Promise<T>): Promise<T | null>;
}

export function createTrailNotes({ home, servers, log }: NotesParts): TrailNotes {
  const files = new Map<string, HeadsFile>();
  const fileOf = (serverId: string): HeadsFile => {
    const file = files.get(serverId) ?? headsFile(home, serverId);
    files.set(serverId, file);
    return file;
  };
  const read = async (serverId: string): Promise<HeadNotes> => {
    const notes = await fileOf(serverId).read();
    servers.setAuditAlarm(serverId, notes.alarm);
    return notes;
  };
  const nameOf = (serverId: string): string =>
    servers.list().find(({ server }) => server.id === serverId)?.server.name ?? serverId;
  return {
    read,
    async add(serverId, line) {
      await fileOf(serverId).append(line);
      await read(serverId);
      if (!("alarm" in line)) return;
      log(`The audit trail of ${nameOf(serverId)} was changed: ${faultWords(line.alarm, (at) => at)}`);
    },
    async orTell(serverId, work) {
      try {
        return await work;
      } catch (error) {
        log(`The notes about the audit trail of ${nameOf(serverId)} cannot be kept: ${String(error)}`);
        return null;
      }
    },
  };
}
