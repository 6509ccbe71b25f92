import { withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** A secret of the daemon's: the service gets it as a file of this name, and nobody else can read it. */
export interface Credential {
  readonly name: string;
  /** Where it lies on the server, encrypted by systemd. */
  readonly path: string;
}

const ENCRYPT = `
umask 077
systemd-creds encrypt --name="$2" - "$1.new"
mv -T "$1.new" "$1"
`;

/** The secret travels on standard input. */
export function encryptCredential({ name, path }: Credential, secret: string): Command {
  return withInput(rootScript(ENCRYPT, path, name), secret);
}
