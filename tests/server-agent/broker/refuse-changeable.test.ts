import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { homedir } from "node:os";
import { refuseChangeable } from "../../../server-agent/broker/refuse-changeable.ts";

const OWN = process.getuid?.() ?? -1;
/** All folders above a home belong to root, who is not always the one who runs the tests. */
const isRoot = OWN === 0;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(homedir(), ".broker-test-"));
  mkdirSync(path.join(folder, "etc"), { mode: 0o755 });
  file = path.join(folder, "etc", "broker.json");
  writeFileSync(file, "{}", { mode: 0o644 });
});
afterEach(() => rmSync(folder, { recursive: true }));

it.runIf(isRoot)("takes what its owner alone can change, also when it is not there", async () => {
  await refuseChangeable([file, path.join(folder, "etc", "none.json"), path.join(folder, "none", "x")], OWN);
});

it.runIf(isRoot)("refuses a file that others can write, and a folder above it", async () => {
  chmodSync(file, 0o664);
  await expect(refuseChangeable([file], OWN)).rejects.toThrow(`${file} can be changed`);
  chmodSync(file, 0o644);
  chmodSync(path.join(folder, "etc"), 0o777);
  await expect(refuseChangeable([file], OWN)).rejects.toThrow(`${path.join(folder, "etc")} can be changed`);
  await expect(refuseChangeable([path.join(folder, "etc", "none.json")], OWN)).rejects.toThrow("can be changed");
});

it.runIf(isRoot)("looks where a link leads", async () => {
  chmodSync(file, 0o666);
  symlinkSync(file, path.join(folder, "link.json"));
  await expect(refuseChangeable([path.join(folder, "link.json")], OWN)).rejects.toThrow(`${file} can be changed`);
});

it("refuses what belongs to another user", async () => {
  await expect(refuseChangeable([file], OWN + 1)).rejects.toThrow(`${file} can be changed`);
});
