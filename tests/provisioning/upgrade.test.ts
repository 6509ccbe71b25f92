import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { describeHealth } from "../../provisioning/describe-health.ts";
import { judgeUpgrade } from "../../provisioning/judge-upgrade.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { releaseFolder, releaseId } from "../../provisioning/release.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const { sha256 } = wanted.release.node;
const folder = releaseFolder(wanted.release);
const BEFORE = "/opt/ai-infrastructure/releases/1.2.2-0123456789ab";

function changes(release: Partial<Facts["release"]>, id: string): readonly string[] {
  const facts = { ...freshDebian, release: { ...freshDebian.release, ...release } };
  return makePlan("s", facts, wanted).steps.find((step) => step.id === id)?.changes ?? [];
}

test("two releases of one version with different files are two releases", () => {
  const other = { ...wanted.release, daemon: { ...wanted.release.daemon, sha256: "b".repeat(64) } };
  expect(releaseId(other)).not.toBe(releaseId(wanted.release));
  expect(releaseId(wanted.release)).toMatch(/^1\.2\.3-[0-9a-f]{12}$/);
});

test("on a fresh server a release is uploaded and current at once; there is no way back to speak of", () => {
  expect(changes({}, "runtime")).toEqual([
    `Upload Node (1 kB) to ${folder}/node`,
    `Upload the daemon (1 kB) to ${folder}/daemon.mjs`,
    `Make release ${releaseId(wanted.release)} current`,
  ]);
  expect(changes({}, "services")[0]).toBe("Start ai-infrastructure.service, at boot too");
});

test("beside a release that runs, another is only brought, with the file that both have taken over", () => {
  const running = { folder: BEFORE, node: sha256, daemon: "b".repeat(64), kept: [BEFORE] };
  expect(changes(running, "runtime")).toEqual([
    `Remember ${BEFORE} and its settings, to go back to`,
    `Take over Node, unchanged, to ${folder}/node`,
    `Upload the daemon (1 kB) to ${folder}/daemon.mjs`,
  ]);
  expect(changes(running, "services")[0]).toBe(
    `Upgrade to release ${releaseId(wanted.release)}, and back unless it is healthy`,
  );
});

test("a release that is there from an earlier attempt is not brought again, and the way back is remembered anew", () => {
  const again = { folder: BEFORE, node: sha256, daemon: "b".repeat(64), kept: [BEFORE, folder] };
  expect(changes(again, "runtime")).toEqual([`Remember ${BEFORE} and its settings, to go back to`]);
});

test("an upgrade that was cut goes on, from the same release, and is never mistaken for its end", () => {
  const half = { folder, node: sha256, daemon: sha256, kept: [BEFORE, folder], upgradeFrom: BEFORE };
  expect(changes(half, "runtime")).toEqual([]);
  expect(changes(half, "services")[0]).toContain("Upgrade to release");
});

test("what an upgrade left behind that the app has gone back from is cleared away", () => {
  const left = { folder, node: sha256, daemon: sha256, kept: [BEFORE, folder], upgradeFrom: folder };
  expect(changes(left, "services")).toContain("Forget an upgrade that did not come to its end");
});

test("a damaged file of the current release is uploaded again", () => {
  const damaged = { folder, node: sha256, daemon: "c".repeat(64), kept: [folder] };
  expect(changes(damaged, "runtime")).toEqual([`Upload the daemon (1 kB) to ${folder}/daemon.mjs`]);
});

test("each way in which an upgrade fails says which release runs now, with the daemon's last words", () => {
  const told = (exitCode: number): unknown => {
    try {
      judgeUpgrade({ exitCode, output: "cannot start\n", release: "2.0.0-b", former: BEFORE });
      return "upgraded";
    } catch (error) {
      return error;
    }
  };
  expect(told(0)).toBe("upgraded");
  const details = "cannot start";
  const code = "provision.upgrade_failed";
  expect(told(3)).toMatchObject({ code, details, message: expect.stringContaining("1.2.2-0123456789ab runs again") });
  expect(told(4)).toMatchObject({ code, details, message: expect.stringContaining("the database it has changed") });
  expect(told(5)).toMatchObject({ code, details, message: expect.stringContaining("not healthy either") });
});

test("of a status that the daemon gave, the details say in words what is not well", () => {
  const service = (name: string, state: string, detail: string) => ({ name, state, detail });
  const agent = { name: "qa", level: 1, state: "held", taskId: null, activity: null, lastActivityAt: null };
  const status = {
    healthy: false,
    version: "2.0.0",
    startedAt: "2026-11-28T12:00:00Z",
    model: "simulated",
    services: [service("redis", "down", "no answer within 2 s"), service("postgres", "up", "15")],
    agents: [{ ...agent, hold: { reason: "Its console crashed.", since: "2026-11-28T12:00:00Z", kept: false } }],
  };
  expect(describeHealth(`the daemon is ready\n${JSON.stringify(status)}\n{"at":"now"}`)).toBe(
    'the daemon is ready\nredis is down: no answer within 2 s\nqa is held: Its console crashed.\n{"at":"now"}',
  );
});
