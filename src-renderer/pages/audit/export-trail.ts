import { daemonClient } from "../../api/clients.ts";

/** By then the browser has the file. */
const TAKEN_OVER_MS = 60_000;

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
  download(new Blob(lines, { type: "application/jsonl" }), fileName(serverName, new Date()));
}

function fileName(serverName: string, now: Date): string {
  const name = serverName.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
  return `audit-${name}-${now.toISOString().slice(0, 10)}.jsonl`;
}

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_OVER_MS);
}
