import type { SecretMarks } from "../../contract/console-api.ts";
import { createMask, maskPieces } from "../platform/secret-marks.ts";

/** What the daemon told about its secrets, so that a tool that prints one by accident shows it to nobody. */
export interface KnownSecrets {
  learn(secrets: SecretMarks): void;
  hide(text: string): string;
  /** For a text that comes piece by piece. */
  hidePieces(show: (text: string) => void): { add(piece: string): void; end(): void };
}

export function createKnownSecrets(): KnownSecrets {
  let known: SecretMarks = { salt: "", marks: [] };
  let mask = createMask(known);
  return {
    learn(secrets) {
      known = secrets;
      mask = createMask(secrets);
    },
    hide: (text) => mask(text),
    hidePieces: (show) => maskPieces(mask, known, show),
  };
}
