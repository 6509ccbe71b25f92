import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readGivenFile } from "../../../src-main/provision/given-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ai-infra-given-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a file that is given comes with its sum, and none with nothing", async () => {
  const file = path.join(folder, "given");
  writeFileSync(file, "abc");
  expect(await readGivenFile(file)).toEqual({
    path: file,
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  });
  expect(await readGivenFile(undefined)).toBeNull();
});

test("a file that is not there is refused by its name", async () => {
  const file = path.join(folder, "none");
  await expect(readGivenFile(file)).rejects.toMatchObject({
    code: "app.bad_input",
    message: `${file} cannot be read`,
  });
});
