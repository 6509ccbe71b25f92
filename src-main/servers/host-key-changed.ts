import { AppError } from "../../contract/errors.ts";
import type { HostKey } from "../../contract/servers.ts";

/** The server shows another key than the one a person has accepted. Thrown before any secret is sent. */
export class HostKeyChanged extends AppError {
  readonly expected: HostKey;
  readonly found: HostKey;

  constructor(where: string, expected: HostKey, found: HostKey) {
    super(
      "connection.host_key_changed",
      `${where} shows another host key than before: ${found.fingerprint}, expected ${expected.fingerprint}`,
      { hint: "If the server was reinstalled, compare the new fingerprint there, then replace the key. If not, stop." },
    );
    this.expected = expected;
    this.found = found;
  }
}
