import { describe, expect, it } from "vitest";
import { BrokerCall, type BrokerRequest } from "../../contract/broker.ts";
import { describeCall, VERB_RULES, verbOf } from "../../contract/broker-rules.ts";

type Call = BrokerRequest["call"];

const docker = (request: unknown): unknown => ({ tool: "docker", input: { request } });
const container = (spec: Record<string, unknown>): unknown =>
  docker({ action: "run", name: "app", container: { image: "nginx", ...spec } });
const mount = (folder: string): unknown => container({ mounts: [{ folder, at: "/data" }] });
const systemd = (action: unknown, unit: unknown): unknown => ({ tool: "systemd", input: { action, unit } });
const site = (name: unknown, text: unknown = "server {}"): unknown => ({
  tool: "nginx",
  input: { request: { action: "write_site", name, text } },
});
const install = (...names: unknown[]): unknown => ({ tool: "packages", input: { action: "install", names } });
const run = (...argv: unknown[]): unknown => ({ tool: "run_as_root", input: { argv, reason: "" } });

const REFUSED: readonly (readonly [string, unknown])[] = [
  ["a tool that there is not", { tool: "shell", input: {} }],
  ["a unit action that there is not", systemd("mask", "nginx")],
  ["an option for a unit", systemd("stop", "--force")],
  ["a unit with a space", systemd("stop", "nginx ssh")],
  ["a unit with a pattern", systemd("stop", "*")],
  ["a unit with a path", systemd("start", "/tmp/evil.service")],
  ["a unit with a quote sign of systemd", systemd("start", "a\\x2d.service")],
  ["an empty unit", systemd("start", "")],
  ["a list of units", systemd("start", ["nginx"])],
  ["one key too many", { tool: "systemd", input: { action: "stop", unit: "nginx", now: true } }],
  ["a site in another folder", site("../nginx.conf")],
  ["a site with a slash", site("a/b")],
  ["a site that begins with a dot", site(".htaccess")],
  ["a site with two dots", site("a..b")],
  ["a site with a line end", site("shop\n")],
  ["an empty site", site("shop", "")],
  ["a site of a megabyte", site("shop", "x".repeat(1_000_000))],
  ["a privileged container", container({ privileged: true })],
  ["a capability", container({ cap_add: ["SYS_ADMIN"] })],
  ["a device", container({ devices: ["/dev/sda"] })],
  ["the host's network", container({ network: "host" })],
  ["the host's network in capitals", container({ network: "HOST" })],
  ["another container's network", container({ network: "container:db" })],
  ["the host's processes", container({ pid: "host" })],
  ["a user of its own choice", container({ user: "0" })],
  ["a security option", container({ security_opt: ["apparmor=unconfined"] })],
  ["the whole disk", mount("/")],
  ["the configuration", mount("/etc")],
  ["Docker's own socket", mount("/var/run/docker.sock")],
  ["a folder above the web root", mount("/var")],
  ["a folder beside the workspace", mount("/workspace2")],
  ["a way out of the workspace", mount("/workspace/../etc")],
  ["a way around in the workspace", mount("/workspace/./a")],
  ["a relative folder", mount("workspace")],
  ["a second mount in the words of one", mount("/workspace,target=/x,source=/etc")],
  ["a volume that is a path", container({ mounts: [{ volume: "/etc", at: "/data" }] })],
  ["a mount with both", container({ mounts: [{ volume: "v", folder: "/workspace", at: "/data" }] })],
  ["a target with an option", container({ mounts: [{ volume: "v", at: "/data,bind-propagation=shared" }] })],
  ["a port below 1024 on this machine", container({ ports: [{ host: 80, container: 80 }] })],
  ["a port on an address", container({ ports: [{ host: 8080, container: 80, address: "0.0.0.0" }] })],
  ["an image that is an option", container({ image: "--privileged" })],
  ["an image with a space", container({ image: "nginx --privileged" })],
  ["a variable with an equals sign", container({ environment: { "A=B": "c" } })],
  ["a NUL in a value", container({ environment: { A: "\0" } })],
  ["a container that is an option", docker({ action: "rm", container: "--force" })],
  ["a volume removed with its container", docker({ action: "rm", container: "app", volumes: true })],
  ["everything pruned", docker({ action: "prune", what: "system" })],
  ["all lines of a log", docker({ action: "logs", container: "app", lines: 100_000 })],
  ["a project without services", docker({ action: "compose_up", project: "shop", services: {} })],
  ["a project with a build", docker({ action: "compose_up", project: "shop", services: { web: { build: "/" } } })],
  ["a project in another folder", docker({ action: "compose_down", project: "../shop" })],
  ["no package", install()],
  ["a package to be removed", install("nginx-")],
  ["a package with a version", install("nginx=1.0")],
  ["a package from a release", install("nginx/sid")],
  ["a package that is a file", install("./evil.deb")],
  ["a package that is an option", install("-oDpkg::Pre-Invoke::=id")],
  ["a pattern of packages", install("?installed")],
  ["no program", run()],
  ["a program that is an option", run("--property=User=root")],
  ["a setting in the place of a program", run("A=B")],
  ["a word with NUL", run("echo", "\0")],
  ["a word that is a number", run("echo", 1)],
  ["a snapshot in another folder", { tool: "snapshots", input: { request: { action: "restore", id: "../.." } } }],
];

describe("what the broker is asked for", () => {
  it.each(REFUSED)("cannot be %s", (_what, call) => {
    expect(BrokerCall.safeParse(call).success).toBe(false);
  });

  const fine: readonly (readonly [string, unknown])[] = [
    ["certbot.timer is started", systemd("start", "certbot.timer")],
    ["an instance is shown", systemd("status", "postgresql@15-main.service")],
    ["write the site shop.example.org", site("shop.example.org")],
    ["docker run app from nginx", container({ mounts: [{ folder: "/var/www/shop", at: "/data", readOnly: true }] })],
    ["docker run app from ghcr.io/team/app:1.2", container({ image: "ghcr.io/team/app:1.2", command: ["--help"] })],
    ["install g++ libstdc++-12-dev", install("g++", "libstdc++-12-dev")],
    ["echo a b", run("echo", "a b")],
  ];

  it.each(fine)("may be: %s", (_words, call) => {
    expect(BrokerCall.safeParse(call).error?.message).toBeUndefined();
  });

  it("comes through its schema without a change, so that what was allowed is what is done", () => {
    for (const [, call] of fine) expect(BrokerCall.parse(call)).toEqual(call);
  });
});

describe("the rules of the broker", () => {
  it("let nothing be destroyed without a person and without a copy", () => {
    const careless = Object.values(VERB_RULES).filter(
      ({ destroys, needs, keeps }) => destroys !== null && (needs !== "person" || keeps === null),
    );
    expect(careless).toEqual([]);
  });

  it("keep any command as root for the highest level and a person", () => {
    expect(VERB_RULES.run_as_root).toEqual({ level: 3, needs: "person", asks: true, destroys: null, keeps: "copies" });
  });

  it("say in words what a call does", () => {
    const stop: Call = { tool: "systemd", input: { action: "stop", unit: "nginx" } };
    expect([verbOf(stop), describeCall(stop)]).toEqual(["systemd.stop", "stop nginx"]);
  });
});
