import { expect, it } from "vitest";
import { isPublicAddress } from "../../../server-agent/agents/public-address.ts";

it.each(["1.1.1.1", "93.184.215.14", "172.32.0.1", "192.167.255.255", "2606:4700::1111", "2a00:1450:4001:80b::200e"])(
  "%s is an address of the open internet",
  (address) => expect(isPublicAddress(address)).toBe(true),
);

it.each([
  ..."0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255".split(" "),
  ..."192.0.0.8 192.0.2.1 192.168.0.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 255.255.255.255".split(" "),
  ...":: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1".split(" "),
  ..."64:ff9b::10.0.0.1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:a00:1::1 3fff::1 4000::1 fec0::1".split(" "),
  "",
  "localhost",
  "10.0.0",
  "0x7f.1",
])("%j is not", (address) => expect(isPublicAddress(address)).toBe(false));
