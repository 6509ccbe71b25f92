import type { Lab } from "./lab-server.ts";

/** What a server is set up with, a line for each thing: to compare before and after. Logs and data are not among it. */
export async function stateOf(lab: Lab): Promise<readonly string[]> {
  const text = await lab.sh(`export LC_ALL=C
    find /etc -type f ! -name '*-' -exec stat -c 'file %n %U:%G %a' {} + -exec sha256sum {} +
    find /etc -type l -printf 'link %p %l\\n'
    find /etc /opt /usr/local /var/lib /var/log /var/spool / -xdev -maxdepth 1 -mindepth 1 -type d -printf 'folder %p %u:%g %m\\n'
    getent passwd | sed 's/^/user /'
    getent group | sed 's/^/group /'
    systemctl list-unit-files --no-legend --plain | sed 's/^/unit /'
    systemctl list-timers --all --no-legend --plain | awk '{ print "timer", $(NF - 1) }'
    sysctl -a 2>/dev/null | grep -E '^(net.ipv4.(conf|tcp_syncookies)|kernel.(kptr|dmesg|yama|unpriv)|fs.protected)' | sed 's/^/sysctl /'
    nft list ruleset 2>/dev/null | sed 's/^/nft /'
    cat /proc/swaps | sed 's/^/swap /'`);
  return [...new Set(text.split("\n"))].sort();
}

/** Lines that only one of two states has. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come];
}
