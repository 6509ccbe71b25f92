import { LOGGED_IN_LATELY, LOGINS } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/**
 * fail2ban asks it about each address that failed: 0 spares it. Whatever goes wrong ends with another code, which spares
 * nobody. The journal is read from where the last call ended, so that guessing does not make it slow, and newest first:
 * what cannot be read in time counts as not known. Without an address it only reads, and may take longer.
 * A message counts from its first to its last letter, since names in it come from whoever knocks.
 */
export const loggedInLately: OurFile = {
  path: LOGGED_IN_LATELY,
  mode: "755",
  text: `#!/usr/bin/python3 -I
# Written by AI Infrastructure. Ends with 0 when somebody logged in by SSH from this address in the last 30 days.
import ipaddress, json, os, re, sys, time
from systemd import journal

LATELY_S = 30 * 24 * 3600
ACCEPTED = re.compile(r"Accepted [a-z/-]+ for \\S+ from ([0-9a-fA-F:.]+) port [0-9]+ ssh2(: .*)?")


def network_of(text):
    """In IPv6 a computer changes its address within the network of its line."""
    address = ipaddress.ip_address(text)
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((address, 32 if address.version == 4 else 64), strict=False))


def recall():
    """When the journal was read last, and the last login from each network."""
    try:
        with open("${LOGINS}") as file:
            kept = json.load(file)
        return float(kept["read"]), {str(network): float(at) for network, at in kept["logins"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return 0.0, {}


def remember(read, logins):
    new = f"${LOGINS}.{os.getpid()}"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"read": read, "logins": logins}, file)
    os.replace(new, "${LOGINS}")


def logins_since(start, most_s):
    """Of root's processes of the SSH service, since an agent could write in the name of sshd."""
    until = time.monotonic() + most_s
    reader = journal.Reader(journal.SYSTEM)
    reader.add_match(_SYSTEMD_UNIT="ssh.service", _UID=0)
    reader.add_disjunction()
    reader.add_match(_SYSTEMD_UNIT="sshd.service", _UID=0)
    reader.seek_tail()
    while time.monotonic() < until:
        entry = reader.get_previous()
        at = entry["__REALTIME_TIMESTAMP"].timestamp() if entry else 0
        if at < start:
            return
        found = ACCEPTED.fullmatch(str(entry.get("MESSAGE", "")))
        if found:
            yield network_of(found[1]), at


def main(*asked):
    networks = [network_of(address) for address in asked]
    now = time.time()
    read, logins = recall()
    # A clock that was set back says nothing about what was read.
    start = read - 5 if now - LATELY_S < read <= now else now - LATELY_S
    for network, at in logins_since(start, 0.5 if asked else 20):
        logins[network] = max(at, logins.get(network, 0))
    logins = {network: at for network, at in logins.items() if now - LATELY_S < at < now + 60}
    remember(now, logins)
    return all(network in logins for network in networks)


sys.exit(0 if main(*sys.argv[1:]) else 1)
`,
};
