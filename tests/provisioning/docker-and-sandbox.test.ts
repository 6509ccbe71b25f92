import { expect, test } from "vitest";
import type { Wishes } from "../../contract/provision.ts";
import { choicesFile, choicesOf } from "../../provisioning/choices.ts";
import type { Facts } from "../../provisioning/facts.ts";
import { dockerConfig } from "../../provisioning/files/docker.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { sandboxProfile } from "../../provisioning/files/sandbox.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

function planOf(changes: Partial<Facts>, wishes: Wishes = {}) {
  const { steps } = makePlan("s", { ...freshDebian, ...changes }, { ...wanted, wishes });
  return (id: string) => {
    const { changes: lines = [], note, isLeftOut } = steps.find((step) => step.id === id) ?? {};
    return { lines, note, ...(isLeftOut && { isLeftOut }) };
  };
}
const system = (id: string, version: string) => ({ distribution: { id, version, name: `${id} ${version}` } });
const docker = (changes: Partial<Facts["docker"]>) => ({
  docker: { from: "docker.io", running: true, liveRestore: true, isCurrent: true, inSwarm: false, ...changes },
});
const file = (path: string, text: string) => ({
  paths: { [path]: { owner: "root:root", mode: "644", sha256: sha256(text) } },
});
const WRITE = "Write /etc/docker/daemon.json: logs of 3 x 10 MB, live-restore";

function dockerNames(changes: Partial<Facts>, wishes: Wishes = {}): string[] {
  const names = planOf(changes, wishes)("packages").lines.map((line) => line.split(" ")[1] ?? "");
  return names.filter((name) => /docker|apparmor/.test(name));
}

test("a fresh server gets Docker with compose as its distribution has them", () => {
  expect(
    [system("debian", "12"), system("debian", "13"), system("ubuntu", "22.04"), system("ubuntu", "24.04")].map((on) =>
      dockerNames(on),
    ),
  ).toEqual([
    ["docker.io", "docker-compose", "apparmor"],
    ["docker.io", "docker-compose", "apparmor", "docker-cli"],
    ["docker.io", "docker-compose-v2", "apparmor"],
    ["docker.io", "docker-compose-v2", "apparmor"],
  ]);
  expect(planOf({})("docker")).toEqual({
    lines: [WRITE, "Start Docker, at boot too"],
    note: "Debian 12 has no compose plugin: the program docker-compose 1.29 is installed.",
  });
  expect(planOf(system("ubuntu", "24.04"))("docker").note).toBeUndefined();
});

test("without Docker nothing of it is installed, also when somebody else provisions the server next", () => {
  const note = "Not wanted on this server.";
  expect(dockerNames({}, { docker: false })).toEqual([]);
  expect(planOf({}, { docker: false })("docker")).toEqual({ lines: [], note, isLeftOut: true });
  const choices = choicesFile(choicesOf(freshDebian, { wishes: { docker: false } })).text;
  const later = { upkeep: { ...freshDebian.upkeep, choices } };
  expect(planOf(later)("docker")).toEqual({ lines: [], note, isLeftOut: true });
  expect(dockerNames(later, { docker: true })).not.toEqual([]);
});

test("Docker of its makers is adopted with its settings", () => {
  const found = docker({ from: "docker-ce", liveRestore: false });
  expect(dockerNames(found)).toEqual([]);
  expect(planOf(found)("docker")).toEqual({
    lines: [],
    note: "Docker from docker-ce was here already: it and its settings stay.",
  });
});

test("settings of somebody else stay, as do those of a swarm", () => {
  const on = system("debian", "13");
  expect(planOf({ ...on, ...docker({ liveRestore: false }), ...file(dockerConfig.path, "{}") })("docker")).toEqual({
    lines: [],
    note: "/etc/docker/daemon.json is somebody else's and stays.",
  });
  expect(planOf({ ...on, ...docker({ liveRestore: false, inSwarm: true }) })("docker")).toEqual({
    lines: [],
    note: "This server is in a swarm: its settings stay.",
  });
});

test("settings that Docker does not go by yet make it start again", () => {
  const ours = file(dockerConfig.path, dockerConfig.text);
  expect(planOf({ ...docker({}), ...ours })("docker").lines).toEqual([]);
  expect(planOf({ ...docker({ isCurrent: false }), ...ours })("docker").lines).toEqual(["Restart Docker"]);
  expect(planOf(docker({ liveRestore: false }))("docker").lines).toEqual([WRITE, "Restart Docker"]);
});

const PROOF = "Run a command in the sandbox as ai-code";
const profile = file(sandboxProfile.path, sandboxProfile.text);

test("bubblewrap gets a profile where AppArmor wants one, and nowhere else", () => {
  const plan = (works: boolean, isRestricted: boolean, more: Partial<Facts> = {}) =>
    planOf({ ...system("ubuntu", "24.04"), sandbox: { works, failure: "", isRestricted }, ...more })("sandbox").lines;
  expect(plan(false, true)).toEqual(["Write /etc/apparmor.d/ai-infrastructure-bwrap", PROOF]);
  expect(plan(false, false)).toEqual([PROOF]);
  expect([plan(true, false), plan(true, true), plan(true, true, profile)]).toEqual([[], [], []]);
  expect(plan(true, true, file(sandboxProfile.path, "profile other {}"))).toEqual([
    "Change /etc/apparmor.d/ai-infrastructure-bwrap",
  ]);
});
