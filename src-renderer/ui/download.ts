/** By then the browser has the file. */
const TAKEN_OVER_MS = 60_000;

/** Hands a file to the browser, which keeps it where the person keeps downloads. */
export function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_OVER_MS);
}

interface FileName {
  readonly what: string;
  readonly serverName: string;
  /** Without a dot. */
  readonly ending: string;
}

/** Such as `audit-hetzner-1-2026-11-28.jsonl`. */
export function fileNameOf({ what, serverName, ending }: FileName, now: Date): string {
  const name = serverName.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
  return `${what}-${name}-${now.toISOString().slice(0, 10)}.${ending}`;
}
