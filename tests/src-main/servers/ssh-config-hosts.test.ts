import { existsSync, rmSync } from "node:fs";
import { expect, it } from "vitest";
import { sshConfigHosts } from "../../../src-main/servers/ssh-config-hosts.ts";

it("offers the hosts that name one machine, filled up from patterns", () => {
  const hosts = sshConfigHosts(
    `
Host web db !old
  HostName %h.example.org
Host box
  HostName 203.0.113.7
  Port 2222
  User admin
  IdentityFile ~/.ssh/box
Host *.internal bastion-?
  User nobody
Host *
  IdentityFile ~/.ssh/id_ed25519
`,
    "me",
  );
  expect(hosts.map(({ alias, address }) => [alias, address.host])).toEqual([
    ["web", "web.example.org"],
    ["db", "db.example.org"],
    ["box", "203.0.113.7"],
  ]);
  expect(hosts[2]).toEqual({
    alias: "box",
    address: { host: "203.0.113.7", port: 2222, user: "admin" },
    keyFile: "~/.ssh/box",
  });
});

it("takes an alias without HostName as the name of the machine", () => {
  const [host] = sshConfigHosts("Host web.example.org\n  Port 2200\n", "me");
  expect(host).toEqual({
    alias: "web.example.org",
    address: { host: "web.example.org", port: 2200, user: "me" },
    keyFile: null,
  });
});

it("honours ProxyJump, by alias or by address, and leaves out ways that the app does not go", () => {
  const hosts = sshConfigHosts(
    `
Host bastion
  HostName bastion.example.org
  Port 2200
  User ann
  IdentityFile ~/.ssh/bastion
Host inner
  HostName 10.0.0.5
  ProxyJump bob@bastion
Host plain
  ProxyJump [2001:db8::1]:2222
Host direct
  ProxyJump none
Host far
  ProxyJump bastion,inner
Host farther
  ProxyJump inner
`,
    "me",
  );
  expect(hosts.map(({ alias, jump }) => [alias, jump])).toEqual([
    ["bastion", undefined],
    ["inner", { address: { host: "bastion.example.org", port: 2200, user: "bob" }, keyFile: "~/.ssh/bastion" }],
    ["plain", { address: { host: "2001:db8::1", port: 2222, user: "me" }, keyFile: null }],
    ["direct", undefined],
  ]);
});

it("runs no program named by the file", () => {
  const trace = "/tmp/ai-infra-match-exec-ran";
  rmSync(trace, { force: true });
  sshConfigHosts(`Match exec "touch ${trace}"\n  User x\nHost a\n  HostName a.example\n`, "me");
  expect(existsSync(trace)).toBe(false);
});
