import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { parseLines } from "../../provisioning/fact-lines.ts";
import { jailFile } from "../../provisioning/files/fail2ban.ts";
import { firewallRules, firewallUnit } from "../../provisioning/files/firewall.ts";
import { loggedInLately } from "../../provisioning/files/logged-in-lately.ts";
import { networkOf, ownAddresses } from "../../provisioning/files/ways-in.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { type FirewallFacts, toFirewall } from "../../provisioning/firewall-facts.ts";
import { FIREWALL } from "../../provisioning/layout.ts";
import { fail2ban } from "../../provisioning/steps/fail2ban.ts";
import { firewall } from "../../provisioning/steps/firewall.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const CLIENT = "203.0.113.7";
const written = (path: string, text: string) => ({
  [path]: { owner: "root:root", mode: "644", sha256: sha256(text) },
});
const inForce: FirewallFacts = {
  ...freshDebian.firewall,
  inForce: true,
  sshPorts: [22],
  own: [CLIENT],
  enabled: true,
};

/** A server whose rules are in force as they were written. */
function withFirewall(changes: Partial<FirewallFacts>, rest: Partial<Facts> = {}): Facts {
  const paths = {
    ...written(FIREWALL.file, firewallRules({ sshPorts: [22], own: [CLIENT] })),
    ...written(firewallUnit.path, firewallUnit.text),
  };
  return { ...freshDebian, paths, ...rest, firewall: { ...inForce, ...changes } };
}
const planned = (facts: Facts) => firewall.plan(facts, wanted);

test("a server whose kernel goes by our rules is left alone", () => {
  expect(planned(withFirewall({}))).toEqual([]);
});

test("rules that are gone from the kernel are missing, whatever the file says", () => {
  expect(planned(withFirewall({ inForce: false, sshPorts: [], own: [] })).slice(1)).toEqual([
    "Let in ports 22, 80, 443 and nothing else, in IPv4 and IPv6",
    "Let in at most 30 new SSH connections a minute from an address, 203.0.113.7 excepted",
    "Keep published ports of containers closed to others",
  ]);
});

test("rules that were never confirmed are not held to be true", () => {
  expect(planned(withFirewall({ isArmed: true }))).toEqual(["Confirm the firewall rules with a second login"]);
});

test("every port that sshd listens on is let in, and the one that this login came through", () => {
  const ssh = { ...freshDebian.ssh, ports: [2222, 22] };
  const facts = withFirewall({}, { ssh, connection: { client: CLIENT, port: 2022 } });
  expect(planned(facts)).toContain("Let in SSH on 22, 2022, 2222");
});

test("the plan names each program that others reach and will no longer reach", () => {
  const answering = { "22/tcp": "sshd", "443/tcp": "nginx", "25/tcp": "master", "443/udp": "-", "68/udp": "dhclient" };
  const lines = planned(withFirewall({ inForce: false, answering }));
  expect(lines.filter((line) => line.startsWith("Close"))).toEqual([
    "Close 25/tcp (master), which answers others now",
    "Close 443/udp (-), which answers others now",
  ]);
});

test("a person who comes from another address is no reason for a change; with one, that address is excepted too, and those before stay", () => {
  const moved = { connection: { client: "2001:db8:7::1:2", port: 22 } };
  expect(planned(withFirewall({}, moved))).toEqual([]);
  expect(planned(withFirewall({ enabled: false }, moved)).slice(1)).toEqual([
    "Load the rules at boot",
    "Except 2001:db8:7:0::/64 from the limit of new SSH connections",
  ]);
  expect(ownAddresses([CLIENT], "198.51.100.1")).toEqual(["198.51.100.1", CLIENT]);
  const many = Array.from({ length: 8 }, (_, last) => `10.0.0.${last}`);
  expect([ownAddresses(many, CLIENT), ownAddresses(many, "10.0.0.3"), ownAddresses(many, "")]).toEqual([
    [CLIENT],
    many,
    many,
  ]);
});

test("of an IPv6 address its network counts, however either is written", () => {
  const one = ["2001:db8::1", "2001:0db8:0:0:aa:bb:cc:dd", "2001:db8::/64"].map(networkOf);
  expect(new Set(one)).toEqual(new Set(["2001:db8:0:0::/64"]));
  expect(["fe80::1%eth0", "10.0.0.1"].map(networkOf)).toEqual(["fe80::1", "10.0.0.1"]);
});

/** What the probe says of chains: table, name, hook, policy, whether a rule refuses, jumps. */
const CHAINS = {
  docker: ["ip filter FORWARD filter/forward drop no -,DOCKER", "ip filter DOCKER - - yes -"],
  bans: [
    "inet f2b-table f2b-chain filter/input - yes -",
    "ip filter INPUT filter/input - no -,f2b-sshd",
    "ip filter f2b-sshd - - yes -",
  ],
  iptables: ["ip filter INPUT filter/input - yes -", "ip6 filter INPUT filter/input drop no -"],
  example: ["inet filter input filter/input - no -", "inet filter forward filter/forward - no -"],
  policy: ["inet theirs input filter/input drop no -"],
  jump: ["inet theirs input filter/input - no -,guard", "inet theirs guard - - no -,end", "inet theirs end - - yes -"],
  elsewhere: ["inet theirs input filter/input - no -", "inet theirs end - - yes -"],
};
const othersIn = (...chains: readonly string[]) =>
  toFirewall(parseLines(chains.map((chain) => `firewall.chain\t${chain}\n`).join(""))).others;

test("whoever keeps others out already is named; Docker, bans and an empty example do not", () => {
  const harmless = [...CHAINS.docker, ...CHAINS.bans, ...CHAINS.example, ...CHAINS.elsewhere];
  expect(othersIn(...harmless)).toEqual([]);
  expect(othersIn(...CHAINS.policy)).toEqual(["the nftables table inet theirs"]);
  expect(othersIn(...CHAINS.iptables)).toEqual(["iptables"]);
  expect(othersIn(...CHAINS.jump)).toEqual(["the nftables table inet theirs"]);
  expect(
    toFirewall(parseLines("firewall.other\tiptables\nfirewall.other\tufw\nfirewall.other\tiptables\n")).others,
  ).toEqual(["iptables", "ufw"]);
});

test("a firewall of somebody else stays, and ours is not put beside it; one that came after ours changes nothing", () => {
  const others = ["ufw"];
  const theirs = withFirewall({ ...freshDebian.firewall, others }, { paths: {} });
  expect(planned(theirs)).toEqual([]);
  expect(firewall.note?.(theirs, wanted)).toBe(
    "Left as it is, without rules of ours beside it: ufw. Ports 22, 80, 443 must be open there, and no others.",
  );
  expect(firewall.isLeftOut?.(theirs, wanted)).toBe(true);
  expect(firewall.note?.(withFirewall({ others }), wanted)).toBeNull();
  expect(firewall.isLeftOut?.(withFirewall({ others }), wanted)).toBe(false);
});

const ran = { running: true, watches: true, counts: true, sparesLogins: true, others: [] };
function withJail(changes: Partial<Facts["fail2ban"]>, rest: Partial<Facts> = {}): readonly string[] {
  const jail = jailFile(freshDebian);
  const program = { [loggedInLately.path]: { owner: "root:root", mode: "755", sha256: sha256(loggedInLately.text) } };
  const paths = { ...written(jail.path, jail.text), ...program };
  return fail2ban.plan({ ...freshDebian, paths, ...rest, fail2ban: { ...ran, ...changes } }, wanted);
}

test("a jail that runs is not enough: it must count, by the journal, and spare from where people log in", () => {
  expect([withJail({}), withJail({ counts: false }), withJail({ sparesLogins: false })]).toEqual([
    [],
    ["Count failed logins by what the journal says, wrong keys too"],
    ["Ban no address that somebody logged in from in the last 30 days"],
  ]);
  const others = ["/etc/fail2ban/jail.local"];
  expect([withJail({ counts: false, sparesLogins: false, others }), withJail({ watches: false, others })]).toEqual([
    [],
    ["Switch on the jail of SSH"],
  ]);
});

test("a login from another address changes nothing in the jail; a program that was changed is drift", () => {
  const moved = { connection: { client: "198.51.100.1", port: 22 } };
  expect(withJail({}, moved)).toEqual([]);
  const paths = written(jailFile(freshDebian).path, jailFile(freshDebian).text);
  expect(withJail({}, { paths: { ...paths, ...written(loggedInLately.path, "#!/bin/true\n") } })).toEqual([
    "Change /opt/ai-infrastructure/bin/logged-in-lately",
  ]);
});
