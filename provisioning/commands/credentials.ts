import { withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** A secret of the daemon's: the service gets it as a file of this name, and nobody else can read it. */
export interface Credential {
  readonly name: string;
  /** Where it lies on the server, encrypted where systemd can do that. */
  readonly path: string;
}

/**
 * Shell functions: `seal NAME FILE` stores what it reads, `unseal NAME FILE` prints it. Encrypted where systemd can do
 * that (from version 250 on), root's alone in any case.
 */
export const SEALING = `
can_encrypt() { command -v systemd-creds >/dev/null 2>&1; }
seal() (
  umask 077
  if can_encrypt; then systemd-creds encrypt --name="$1" - "$2.new"; else cat >"$2.new"; fi
  mv -T "$2.new" "$2"
)
unseal() { if can_encrypt; then systemd-creds decrypt --name="$1" "$2" -; else cat "$2"; fi 2>/dev/null; }
`;

const SEAL = `${SEALING}\nseal "$1" "$2"`;

/** The secret travels on standard input. */
export function storeCredential({ name, path }: Credential, secret: string): Command {
  return withInput(rootScript(SEAL, name, path), secret);
}
