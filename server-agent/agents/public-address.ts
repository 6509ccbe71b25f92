import { BlockList, isIP } from "node:net";

/** Everything the special-purpose address registries keep from the open internet. */
const SPECIAL_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Global unicast is 2000::/3; within it these are documentation, transition and other special networks. */
const SPECIAL_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16"];

const special = new BlockList();
for (const [ranges, family] of [
  [SPECIAL_V4, "ipv4"],
  [SPECIAL_V6, "ipv6"],
] as const) {
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    special.addSubnet(network, Number(bits), family);
  }
}
const globalV6 = new BlockList();
globalV6.addSubnet("2000::", 3, "ipv6");
/** IPv4 within IPv6, by a translator: judged by the address within. */
const TRANSLATED = /^64:ff9b::/i;

/** Whether an address is one of the open internet: not private, loopback, link-local, multicast or reserved. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  if (family !== 6 || TRANSLATED.test(address)) return false;
  return globalV6.check(address, "ipv6") && !special.check(address, "ipv6");
}
