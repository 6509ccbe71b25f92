import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { sha256 } from "../../provisioning/files/plan-files.ts";
import { qdrantConfig, qdrantUnit } from "../../provisioning/files/qdrant.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { qdrantRelease } from "../../provisioning/qdrant.ts";
import type { GivenFile } from "../../provisioning/wanted.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const X64 = qdrantRelease("x86_64")?.sha256 ?? "";
const ARM = qdrantRelease("aarch64")?.sha256 ?? "";

function planOf(found: Partial<Facts["qdrant"]>, given: GivenFile | null = null, more: Partial<Facts> = {}) {
  const facts = { ...freshDebian, qdrant: { ...freshDebian.qdrant, ...found }, ...more };
  const { steps, blockers } = makePlan("s", facts, { ...wanted, qdrant: given });
  const { changes: lines, note } = steps.find(({ id }) => id === "qdrant") ?? {};
  return { lines, note, blockers };
}

const REST = [
  "Write /etc/ai-infrastructure/qdrant.yaml",
  "Write /etc/systemd/system/ai-infrastructure-qdrant.service",
  "Make a key for it in /etc/credstore.encrypted/qdrant-key",
  "Start ai-infrastructure-qdrant.service on 127.0.0.1, at boot too",
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
    blockers: [],
  });
  expect(planOf({ isPortTaken: true })).toEqual({
    lines: [],
    note: "Another program holds port 6333 or 6334 and goes on: the team uses its built-in memory.",
    blockers: [],
  });
});

test("one that is there is started again when it does not answer as it should, and fetched again when it is another", () => {
  const ours = [qdrantConfig, qdrantUnit].map(({ path, text, mode }) => [
    path,
    { owner: "root:root", mode, sha256: sha256(text) },
  ]);
  const paths = { paths: Object.fromEntries(ours) };
  const sound = { installed: X64, hasKey: true, isServing: true, isCurrent: true };
  expect(planOf(sound, null, paths)).toEqual({ lines: [], note: undefined, blockers: [] });
  for (const drift of [{ isServing: false }, { isCurrent: false }])
    expect(planOf({ ...sound, ...drift }, null, paths).lines).toEqual(REST.slice(-1));
  expect(planOf({ ...sound, installed: ARM }, null, paths).lines).toHaveLength(2);
});
