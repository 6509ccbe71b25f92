import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { daemonConfig } from "../../provisioning/files/daemon-config.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { STEPS } from "../../provisioning/steps.ts";
import { wantedPackages } from "../../provisioning/wanted-packages.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const redis = { kind: "unix", path: "/x" };
const postgres = { socketDir: "/p", port: 1, user: "u", database: "d" };

const blockers = (changes: Partial<Facts>) =>
  makePlan("s", { ...freshDebian, ...changes }, wanted).blockers.map(({ code, message }) => `${code}: ${message}`);

test("a fresh server needs every step, each with the lines it would change", () => {
  const { steps, blockers: found } = makePlan("s", { ...freshDebian, signedInWith: "password" }, wanted);
  expect(found).toEqual([]);
  expect(steps.filter((step) => step.state === "satisfied" || step.changes.length === 0)).toEqual([]);
});

test("a server with one package missing needs that package only", () => {
  const packages = Object.keys(wantedPackages(freshDebian, wanted)).filter((name) => name !== "htop");
  const facts = { ...freshDebian, packages };
  const step = makePlan("s", facts, wanted).steps.find(({ id }) => id === "packages");
  expect(step?.changes).toEqual(["Install htop (monitor window)"]);
});

test("each step stands after those it needs", () => {
  const misplaced = STEPS.filter((step, index) => {
    const earlier = STEPS.slice(0, index).map(({ id }) => id);
    return !step.needs.every((id) => earlier.includes(id));
  });
  expect(misplaced).toEqual([]);
});

test("names the distribution that is not supported", () => {
  const distribution = { id: "fedora", version: "44", name: "Fedora Linux 44" };
  expect(blockers({ distribution })).toEqual(["provision.unsupported: Fedora Linux 44 is not supported"]);
});

test("tells a login without sudo from one whose sudo needs a password", () => {
  expect([...blockers({ user: "ann", root: "none" }), ...blockers({ user: "ann", root: "sudo_password" })]).toEqual([
    "provision.no_sudo: ann may not use sudo",
    "provision.sudo_password_needed: ann needs a password for sudo",
  ]);
});

test("names the folder that is too full, what it has and what is needed", () => {
  const disks = { "/": 20_000, "/opt": 40 };
  expect(blockers({ disks })).toEqual([
    expect.stringMatching(/^provision.disk_full: \/opt has 40 MB free, 41\d\d MB are needed$/),
  ]);
});

test("a server of another architecture is refused", () => {
  expect(blockers({ architecture: "aarch64" })).toEqual(["provision.unsupported: The processor is aarch64"]);
});

test("the model on the server stays when nobody wishes another", () => {
  const present = { mode: "server", version: "1", model: "anthropic", node: "/n", bundle: "/b", redis };
  const folders = { runDir: "/r", stateDir: "/s", logDir: "/l", workspace: "/w" };
  const daemonConfig = JSON.stringify({ ...present, ...folders, postgres });
  const configuration = STEPS.find(({ id }) => id === "configuration");
  const facts = { ...freshDebian, daemonConfig };
  const keeps = configuration?.plan(facts, wanted);
  const asks = configuration?.plan(facts, { ...wanted, wishes: { model: "anthropic" } });
  expect(keeps).toEqual(asks);
});

test("a configuration that was written is right when it is read back, whatever a person changed in it", () => {
  const first = daemonConfig(freshDebian, wanted).text;
  expect(daemonConfig({ daemonConfig: first }, wanted).text).toBe(first);
  const workspaceDatabase = { reader: "r", writer: "w", database: "theirs", port: 5433, socketDir: "/s" };
  const changed = JSON.stringify({ ...JSON.parse(first), workspaceDatabase, agentsDir: "/srv/agents" });
  const second = daemonConfig({ daemonConfig: changed }, wanted).text;
  expect(JSON.parse(second)).toMatchObject({ workspaceDatabase, agentsDir: "/srv/agents" });
  expect(daemonConfig({ daemonConfig: second }, wanted).text).toBe(second);
});
