import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { qdrantConfig, qdrantUnit } from "../../provisioning/files/qdrant.ts";
import { qdrantKeyDropIn } from "../../provisioning/files/units.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { qdrantRelease } from "../../provisioning/qdrant.ts";
import type { OurFile } from "../../provisioning/files/our-files.ts";
import type { GivenFile } from "../../provisioning/wanted.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const X64 = qdrantRelease("x86_64")?.sha256 ?? "";
const ARM = qdrantRelease("aarch64")?.sha256 ?? "";

function planOf(found: Partial<Facts["qdrant"]>, given: GivenFile | null = null, more: Partial<Facts> = {}) {
  const facts = { ...freshDebian, qdrant: { ...freshDebian.qdrant, ...found }, ...more };
  const { steps, blockers } = makePlan("s", facts, { ...wanted, qdrant: given });
  const { changes: lines, note, isLeftOut = false } = steps.find(({ id }) => id === "qdrant") ?? {};
  return { lines, note, isLeftOut, blockers };
}

const REST = [
  "Write /etc/ai-infrastructure/qdrant.yaml",
  "Write /etc/systemd/system/ai-infrastructure-qdrant.service",
  "Make a key for it in /etc/credstore.encrypted/qdrant-key",
  "Start ai-infrastructure-qdrant.service on 127.0.0.1, at boot too",
  "Write /etc/systemd/system/ai-infrastructure.service.d/qdrant-key.conf",
];

test("a server that reaches GitHub fetches the pinned release", () => {
  expect(planOf({}).lines).toEqual([
    "Fetch https://github.com/qdrant/qdrant/releases/download/v1.19.0/qdrant-x86_64-unknown-linux-musl.tar.gz (32 MB), " +
      "checked by its SHA-256, to /opt/ai-infrastructure/qdrant/qdrant",
    ...REST,
  ]);
});

test("a file that a person gives is uploaded instead, also to a server that reaches nothing", () => {
  const unreachable = "Could not resolve host: github.com";
  expect(planOf({ unreachable }, { path: "/q.tar.gz", sha256: X64 }).lines).toEqual([
    "Upload Qdrant 1.19.0 (32 MB) to /opt/ai-infrastructure/qdrant/qdrant",
    ...REST,
  ]);
});

test("another file, such as that for another processor, is refused by its name with both sums", () => {
  expect(planOf({}, { path: "/q.tar.gz", sha256: ARM }).blockers).toEqual([
    {
      code: "app.bad_input",
      message: "/q.tar.gz is not Qdrant 1.19.0 for x86_64",
      hint: `Fetch ${qdrantRelease("x86_64")?.url} and give that file, as it is.`,
      details: `Its SHA-256 is ${ARM}, not ${X64}.`,
    },
  ]);
});

test("where it cannot be had, or its port is taken, nothing is changed and the plan says why", () => {
  expect(planOf({ unreachable: "Could not resolve host: github.com" })).toEqual({
    lines: [],
    note: expect.stringContaining("(https://github.com/qdrant/qdrant/releases/download/v1.19.0/"),
    isLeftOut: true,
    blockers: [],
  });
  expect(planOf({ isPortTaken: true })).toEqual({
    lines: [],
    note: "Another program holds port 6333 or 6334 and goes on: the team uses its built-in memory.",
    isLeftOut: true,
    blockers: [],
  });
});

/** A server that has these files. */
function having(...files: readonly OurFile[]) {
  const found = files.map(({ path, text, mode }) => [path, { owner: "root:root", mode, sha256: sha256(text) }]);
  return { paths: Object.fromEntries(found) };
}
const sound = { installed: X64, hasKey: true, isServing: true, isCurrent: true };
const RESTART = "Restart ai-infrastructure.service, which uses it from then on";

test("one that is there is started again when it does not answer as it should, and fetched again when it is another", () => {
  const paths = having(qdrantConfig, qdrantUnit, qdrantKeyDropIn);
  expect(planOf(sound, null, paths)).toEqual({ lines: [], note: undefined, isLeftOut: false, blockers: [] });
  for (const drift of [{ isServing: false }, { isCurrent: false }])
    expect(planOf({ ...sound, ...drift }, null, paths).lines).toEqual(REST.slice(-2, -1));
  expect(planOf({ ...sound, installed: ARM }, null, paths).lines).toHaveLength(2);
});

test("a daemon that runs already is handed the key by being started again; one that has it is left alone", () => {
  expect(planOf({ isDaemonWithoutKey: true }).lines?.slice(1)).toEqual([...REST, RESTART]);
  const before = having(qdrantConfig, qdrantUnit);
  expect(planOf({ ...sound, isDaemonWithoutKey: true }, null, before).lines).toEqual([...REST.slice(-1), RESTART]);
  const restarted = having(qdrantConfig, qdrantUnit, qdrantKeyDropIn);
  expect(planOf({ ...sound, isDaemonWithoutKey: true }, null, restarted).lines).toEqual([RESTART]);
  expect(planOf({ ...sound, isDaemonWithoutKey: false }, null, restarted).lines).toEqual([]);
});

test("a server without it hands over nothing, and restarts no daemon for it", () => {
  expect(planOf({ unreachable: "no", isDaemonWithoutKey: true }).lines).toEqual([]);
});
