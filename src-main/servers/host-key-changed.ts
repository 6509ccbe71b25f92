import { AppError } from "../../contract/errors.ts";
import type { HostKey } from "../../contract/servers.ts";
import { describeWhere, type Where } from "./where.ts";

/** The server shows another key than the one a person has accepted. Thrown before any secret is sent. */
export class HostKeyChanged extends AppError {
  readonly expected: HostKey;
  readonly found: HostKey;
  /** Set when it is the jump host that shows it. */
  readonly jumpHost: string | undefined;

  constructor(where: Where, expected: HostKey, found: HostKey) {
    super(
      "connection.host_key_changed",
      `${describeWhere(where)} shows another host key than before: ${found.fingerprint}, expected ${expected.fingerprint}`,
      { hint: "If the server was reinstalled, compare the new fingerprint there, then replace the key. If not, stop." },
    );
    this.expected = expected;
    this.found = found;
    this.jumpHost = where.isJump ? where.host : undefined;
  }
}
