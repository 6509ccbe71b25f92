import { createHash } from "node:crypto";
import type { HostKey } from "../../contract/servers.ts";

/** Reads the key a server showed, in SSH wire form: its algorithm's name is the first string in it. */
export function readHostKey(blob: Buffer): HostKey {
  const algorithm = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("ascii");
  const hash = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { algorithm, fingerprint: `SHA256:${hash}` };
}

export function sameHostKey(one: HostKey, other: HostKey): boolean {
  return one.fingerprint === other.fingerprint;
}
