import { daemonClient } from "../../api/clients.ts";
import { download, fileNameOf } from "../../ui/download.ts";

interface ExportParts {
  readonly serverId: string;
  readonly serverName: string;
  readonly signal: AbortSignal;
  readonly onProgress: (records: number) => void;
}

/** Downloads the whole trail, one record a line, each with the exact text that was hashed. */
export async function exportTrail({ serverId, serverName, signal, onProgress }: ExportParts): Promise<void> {
  const lines: string[] = [];
  let records = 0;
  for await (const piece of await daemonClient(serverId).audit.read({ after: 0 }, { signal })) {
    lines.push(piece.map((record) => `${JSON.stringify(record)}\n`).join(""));
    records += piece.length;
    onProgress(records);
  }
  signal.throwIfAborted();
  const name = fileNameOf({ what: "audit", serverName, ending: "jsonl" }, new Date());
  download(new Blob(lines, { type: "application/jsonl" }), name);
}
