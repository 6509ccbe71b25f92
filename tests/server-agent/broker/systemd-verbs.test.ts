import { expect, it } from "vitest";
import { BrokerPolicy, UNITS_ANYWHERE } from "../../../contract/broker-policy.ts";
import { serviceArgv } from "../../../server-agent/broker/programs.ts";
import { matchesUnit, unitName } from "../../../server-agent/broker/systemd-verbs.ts";

it("takes a name without a kind for a service", () => {
  expect(["nginx", "php8.2-fpm", "certbot.timer", "a@b"].map(unitName)).toEqual([
    "nginx.service",
    "php8.2-fpm.service",
    "certbot.timer",
    "a@b.service",
  ]);
});

it.each([
  ["nginx.service", "nginx.service", true],
  ["nginx.service", "nginxXservice", false],
  ["nginx.service", "anginx.service", false],
  ["php*-fpm.service", "php8.2-fpm.service", true],
  ["app-*.service", "app-.service", true],
  ["app-*.service", "app-x.service.socket", false],
  ["postgresql@*.service", "postgresql@15-main.service", true],
])("%s covers %s: %s", (pattern, name, expected) => expect(matchesUnit(pattern, name)).toBe(expected));

it("lets nobody stop SSH, the databases or the team", () => {
  const vital = ["ssh", "sshd", "postgresql", "postgresql@15-main", "redis-server", "ai-infrastructure", "ai-agents"];
  const names = [...vital.map(unitName), "ai-infrastructure-broker.socket", "dbus.service", "systemd-journald.service"];
  const stoppable = names.filter((name) => UNITS_ANYWHERE.control.some((pattern) => matchesUnit(pattern, name)));
  expect(stoppable).toEqual([]);
});

it("has patterns of its own that an administrator could write", () => {
  expect(BrokerPolicy.safeParse({ units: UNITS_ANYWHERE }).success).toBe(true);
  expect(BrokerPolicy.safeParse({ units: { control: ["../x.service"] } }).success).toBe(false);
  expect(BrokerPolicy.safeParse({ levels: { code: 3 } }).success).toBe(false);
});

it("hands every word to a service as it is", () => {
  const argv = serviceArgv(["echo", "$HOME", "$$", "%n"], { unit: "u.service", timeoutMs: 1500 });
  expect(argv.slice(argv.indexOf("--"))).toEqual(["--", "echo", "$$HOME", "$$$$", "%n"]);
  expect(argv).toContain("--property=RuntimeMaxSec=2");
});

it("never cuts what must come to its end", () => {
  const argv = serviceArgv(["apt-get"], { unit: "u.service", timeoutMs: 1500, isUncut: true });
  expect(argv.filter((word) => /Sec=/.test(word))).toEqual([]);
});
