import { FIREWALL, UNITS_DIR } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** What differs from server to server in the rules. */
export interface FirewallSettings {
  readonly sshPorts: readonly number[];
  /** Addresses that open as many SSH connections as they like: a single IPv4 address, a network in IPv6. */
  readonly own: readonly string[];
}

/**
 * The limit holds for each address, and for each network of a line in IPv6. A published port of a container is
 * forwarded before `input` is asked; `ct status dnat` tells such a connection whatever program made it.
 */
const CHAINS = `
  set ssh_new4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 2m; }
  set ssh_new6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 2m; }

  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    ct state invalid drop
    iif lo accept
    icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept
    icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query } accept
    # Answers of DHCP, which are to no question that was seen.
    udp sport 67 udp dport 68 accept
    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
    tcp dport @ssh_ports jump ssh
    tcp dport { 80, 443 } accept
  }

  chain ssh {
    ip saddr @own4 accept
    ip6 saddr @own6 accept
    ct state new update @ssh_new4 { ip saddr limit rate over 30/minute burst 30 packets } drop
    ct state new update @ssh_new6 { ip6 saddr & ffff:ffff:ffff:ffff:: limit rate over 30/minute burst 30 packets } drop
    accept
  }

  chain forward {
    type filter hook forward priority filter - 5; policy accept;
    ct state established,related accept
    # From a container, to another one or out.
    iifname { "docker*", "br-*" } accept
    ct status dnat drop
    oifname { "docker*", "br-*" } drop
  }
`;

/** Replaces our table as a whole or not at all, and touches no other. */
export function firewallRules({ sshPorts, own }: FirewallSettings): string {
  const isIpv6 = (address: string) => address.includes(":");
  return `# Written by AI Infrastructure.
table ${FIREWALL.table}
delete table ${FIREWALL.table}
table ${FIREWALL.table} {
  set ssh_ports { type inet_service; ${elements(sshPorts.map(String))}}
  set own4 { type ipv4_addr; flags interval; ${elements(own.filter((address) => !isIpv6(address)))}}
  set own6 { type ipv6_addr; flags interval; ${elements(own.filter(isIpv6))}}
${CHAINS}}
`;
}

function elements(values: readonly string[]): string {
  return values.length > 0 ? `elements = { ${values.join(", ")} } ` : "";
}

/** A fail2ban that runs does not see that its table is gone: a restarted jail bans again whom it knows. */
const BANS_ARE_THERE = "[ ! -S /run/fail2ban/fail2ban.sock ] || nft list table inet f2b-table >/dev/null 2>&1";
const RESTORE_BANS = `/bin/sh -c '${BANS_ARE_THERE} || fail2ban-client reload --restart sshd'`;

/** When the distribution's service has loaded the rules of others, which begins with a flush of all, ours come back. */
export const firewallUnit: OurFile = {
  path: `${UNITS_DIR}/${FIREWALL.unit}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure firewall
DefaultDependencies=no
After=local-fs.target nftables.service
Before=network-pre.target
Wants=network-pre.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service
ConditionPathExists=${FIREWALL.file}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${FIREWALL.file}
ExecStartPost=-${RESTORE_BANS}
ExecReload=/usr/sbin/nft -f ${FIREWALL.file}
ExecReload=-${RESTORE_BANS}

[Install]
WantedBy=sysinit.target nftables.service
`,
};
