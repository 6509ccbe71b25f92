import { z } from "zod";
import type { Lines } from "./fact-lines.ts";
import { LOGGED_IN_LATELY } from "./layout.ts";

/** What fail2ban itself says that it does. */
export const Fail2banFacts = z.object({
  /** Now and at boot. */
  running: z.boolean(),
  /** The jail of SSH is on. */
  watches: z.boolean(),
  /** It counts what the journal says. */
  counts: z.boolean(),
  /** It bans nobody from where somebody logged in lately. */
  sparesLogins: z.boolean(),
  /** Files of somebody else whose say about this jail comes after ours. */
  others: z.array(z.string()),
});
export type Fail2banFacts = z.infer<typeof Fail2banFacts>;

export const FAIL2BAN_PROBE = `
if command -v fail2ban-client >/dev/null; then
  if runs fail2ban; then p fail2ban.running yes; fi
  case $(timeout 10 fail2ban-client status sshd 2>/dev/null) in
    *'Journal matches'*) p fail2ban.watches yes; p fail2ban.counts yes ;;
    *Status*) p fail2ban.watches yes ;;
  esac
  [ "$(timeout 10 fail2ban-client get sshd ignorecommand 2>/dev/null)" = '${LOGGED_IN_LATELY} "<ip>"' ] &&
    p fail2ban.sparesLogins yes
  for file in /etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.local; do
    grep -qs '^\\[sshd\\]' "$file" && p fail2ban.other "$file"
  done
fi
true`;

export function toFail2ban(lines: Lines): Fail2banFacts {
  return {
    running: lines.has("fail2ban.running"),
    watches: lines.has("fail2ban.watches"),
    counts: lines.has("fail2ban.counts"),
    sparesLogins: lines.has("fail2ban.sparesLogins"),
    others: [...(lines.get("fail2ban.other") ?? [])],
  };
}
