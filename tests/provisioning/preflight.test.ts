import { expect, test } from "vitest";
import { parseLines } from "../../provisioning/fact-lines.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { type Preflight, toPreflight } from "../../provisioning/preflight.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const blockersOf = (changes: Partial<Facts>) => makePlan("s", { ...freshDebian, ...changes }, wanted).blockers;
const told = (changes: Partial<Facts>) => blockersOf(changes).map(({ code, message }) => `${code}: ${message}`);
const preflight = (changes: Partial<Preflight>) => ({ preflight: { ...freshDebian.preflight, ...changes } });
const web = (changes: Partial<Facts["web"]>) => {
  const nginx = { version: "1.22.1", packaged: true, readsSites: true, valid: true, running: true };
  return { web: { ...freshDebian.web, ...nginx, ...changes } };
};

const system = (id: string, version: string, name: string) => ({ distribution: { id, version, name } });
const ubuntu = (version: string) => system("ubuntu", version, `Ubuntu ${version} LTS`);

test("Debian 12 and 13 and Ubuntu 22.04 and 24.04 are welcome", () => {
  const debian = (version: string) => system("debian", version, `Debian GNU/Linux ${version}`);
  expect([debian("12"), debian("13"), ubuntu("22.04"), ubuntu("24.04")].flatMap(told)).toEqual([]);
});

test("other releases are refused by name", () => {
  const others = [system("debian", "11", "Debian GNU/Linux 11 (bullseye)"), ubuntu("25.10")];
  expect([...others, system("rocky", "9.5", "Rocky Linux 9.5")].flatMap(told)).toEqual([
    "provision.unsupported: Debian GNU/Linux 11 (bullseye) is not supported",
    "provision.unsupported: Ubuntu 25.10 LTS is not supported",
    "provision.unsupported: Rocky Linux 9.5 is not supported",
  ]);
});

test("a server sold with 2 GB is enough, one with 1 GB is not", () => {
  expect(told({ memoryMb: 1938 })).toEqual([]);
  expect(told({ memoryMb: 961 })).toEqual(["provision.unsupported: The server has 961 MB of memory"]);
});

test("a clock that is wrong by more than five minutes is refused, with how much and in which direction", () => {
  expect([299, -299].flatMap((clockAheadS) => told(preflight({ clockAheadS })))).toEqual([]);
  expect([600, -7200].flatMap((clockAheadS) => told(preflight({ clockAheadS })))).toEqual([
    "provision.clock_wrong: The server's clock is 10 minutes ahead of this computer's",
    "provision.clock_wrong: The server's clock is 120 minutes behind this computer's",
  ]);
});

test("a mirror without an address is a matter of DNS, one that does not answer is not", () => {
  const uri = "http://archive.ubuntu.com/ubuntu/dists/noble/InRelease";
  const failures = ["Could not resolve 'archive.ubuntu.com'", "Temporary failure resolving 'archive.ubuntu.com'"];
  const others = ["Could not connect to archive.ubuntu.com:80", "It did not answer within 15 seconds"];
  const codes = [...failures, ...others].map((failure) => blockersOf(preflight({ mirror: { uri, failure } }))[0]);
  expect(codes.map((blocker) => blocker?.code)).toEqual([
    "provision.dns_failed",
    "provision.dns_failed",
    "provision.mirror_unreachable",
    "provision.mirror_unreachable",
  ]);
  expect(codes.map((blocker) => blocker?.details)).toEqual([...failures, ...others]);
});

test("a port that another program holds is refused with the name of both; one of ours is not", () => {
  expect(told(preflight({ listening: { "80": "apache2", "443": "docker-proxy", "6379": "-" } }))).toEqual([
    "provision.port_taken: Port 80, needed for the web server, is taken by apache2",
    "provision.port_taken: Port 443, needed for the web server, is taken by docker-proxy",
    "provision.port_taken: Port 6379, needed for live events, is taken by another program",
  ]);
  const ours = { "80": "nginx", "443": "nginx", "5432": "postgres", "6379": "redis-server" };
  const packaged = ["nginx", "postgres", "redis-server"];
  expect(told(preflight({ listening: ours, packaged }))).toEqual([]);
});

test("programs with the right name that no package brought, such as in a container, are refused", () => {
  const listening = { "80": "nginx", "5432": "postgres", "6379": "redis-server" };
  expect(told(preflight({ listening }))).toEqual([
    "provision.port_taken: Port 80, needed for the web server, is taken by nginx that no package brought",
    "provision.port_taken: Port 5432, needed for the database, is taken by postgres that no package brought",
    "provision.port_taken: Port 6379, needed for live events, is taken by redis-server that no package brought",
  ]);
});

test("a Redis that somebody uses is refused, unless it is the team's", () => {
  expect([preflight({ redisInUse: "keys" }), preflight({ redisInUse: "password" })].flatMap(told)).toEqual([
    "provision.service_in_use: A Redis that holds keys of somebody else runs on this server",
    "provision.service_in_use: A Redis that asks for a password runs on this server",
  ]);
  const redis = { included: true, configured: true, credential: true };
  expect(told({ ...preflight({ redisInUse: "password" }), redis })).toEqual([]);
});

test("an nginx that cannot be adopted is refused; one from a package is adopted, and judged when it is installed whole", () => {
  expect(told(web({ sites: ["shop"] }))).toEqual([]);
  expect(told(web({ packaged: false, valid: false, readsSites: false }))).toEqual([
    "provision.service_in_use: nginx 1.22.1 was not installed from a package",
    "provision.service_in_use: nginx does not accept its present configuration",
    "provision.service_in_use: The configuration of nginx does not read conf.d and sites-enabled",
  ]);
  expect(told({ ...web({ valid: false, readsSites: false }), packagesInterrupted: true })).toEqual([]);
});

test("each refusal says what to do", () => {
  const all = [
    ...blockersOf({ ...ubuntu("20.04"), architecture: "riscv64", memoryMb: 500, systemd: false, disks: { "/": 1 } }),
    ...blockersOf({ ...preflight({ clockAheadS: 999, listening: { "80": "apache2" }, redisInUse: "keys" }) }),
    ...blockersOf({ ...preflight({ mirror: { uri: "u", failure: "Could not connect" } }), ...web({ valid: false }) }),
  ];
  expect(all.length).toBeGreaterThan(9);
  expect(all.filter(({ hint }) => !hint)).toEqual([]);
});

/** As a rented server with Ubuntu 24.04 and Apache prints it. */
const RECORDED = `clock\t1764300000
swapKb\t1048572
root.filesystem\text2/ext3
listening\t80 apache2
listening\t80 apache2
packaged\tpostgres
mirror.uri\thttp://archive.ubuntu.com/ubuntu/dists/noble/InRelease
mirror.failure\tCould not resolve 'archive.ubuntu.com'
`;

test("what the probe prints is read with its types, the clock against this computer's", () => {
  expect(toPreflight(parseLines(RECORDED), 1_764_300_090_000)).toEqual({
    clockAheadS: -90,
    swapMb: 1024,
    container: false,
    rootFilesystem: "ext2/ext3",
    mirror: {
      uri: "http://archive.ubuntu.com/ubuntu/dists/noble/InRelease",
      failure: "Could not resolve 'archive.ubuntu.com'",
    },
    listening: { "80": "apache2" },
    packaged: ["postgres"],
    redisInUse: "no",
  });
});
