import { expect, test } from "vitest";
import { parseLines } from "../../provisioning/fact-lines.ts";
import { toOverview } from "../../provisioning/overview.ts";

const BARE = `system	Debian GNU/Linux 12 (bookworm)
kernel	6.1.0
now	1764331200
uptime	7200
memory	MemTotal: 4005000
memory	MemAvailable: 2002500
updates	3 2
end	yes
`;

test("a server without anything installed is told as it is", () => {
  const overview = toOverview(parseLines(BARE), "1.0.0-a");
  expect(overview).toMatchObject({
    readAt: "2025-11-28T12:00:00.000Z",
    bootedAt: "2025-11-28T10:00:00.000Z",
    versions: { daemon: null, node: null, postgres: null, redis: null, nginx: null },
    services: [],
    memory: { totalMb: 3911, availableMb: 1956, swapMb: 0, swapFreeMb: 0 },
    packages: { updates: 3, security: 2, listsReadAt: null, rebootNeeded: false },
  });
});

test("certificates come in the order in which they end, with all their names", () => {
  const lines = `${BARE}certificate	/b.pem 2026-02-01T00:00:00Z b.test www.b.test
certificate	/a.pem 2026-01-01T00:00:00Z a.test
`;
  expect(toOverview(parseLines(lines), "").certificates).toEqual([
    { path: "/a.pem", name: "a.test", names: ["a.test"], expiresAt: "2026-01-01T00:00:00.000Z" },
    { path: "/b.pem", name: "b.test", names: ["b.test", "www.b.test"], expiresAt: "2026-02-01T00:00:00.000Z" },
  ]);
});

test("a port is open to others when it is listened on at one address that others reach", () => {
  const lines = `${BARE}port	tcp 5432 127.0.0.1 postgres
port	tcp 5432 [::1] postgres
port	tcp 80 127.0.0.1 nginx
port	tcp 80 [::] nginx
port	udp 68 0.0.0.0%eth0
`;
  expect(toOverview(parseLines(lines), "").ports).toEqual([
    { protocol: "udp", port: 68, program: "", loopback: false },
    { protocol: "tcp", port: 80, program: "nginx", loopback: false },
    { protocol: "tcp", port: 5432, program: "postgres", loopback: true },
  ]);
});

test("a unit's description may be of several words, and every state of systemd has one of ours", () => {
  const lines = `${BARE}service	a.service active A long name
service	b.service reloading B
service	c.service activating C
service	d.service deactivating D
service	e.service failed E
`;
  const { services } = toOverview(parseLines(lines), "");
  expect(services.map(({ description, state }) => `${description}: ${state}`)).toEqual([
    "A long name: active",
    "B: active",
    "C: starting",
    "D: inactive",
    "E: failed",
  ]);
});
