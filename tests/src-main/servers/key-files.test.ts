import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readKeyFiles } from "../../../src-main/servers/key-files.ts";

const folder = mkdtempSync(path.join(tmpdir(), "key-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

test("private keys are found by what they hold; those that ssh tries come first", async () => {
  for (const [name, type] of [
    ["work", "ed25519"],
    ["id_rsa", "rsa"],
    ["id_ed25519", "ed25519"],
  ] as const)
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", at(name)]);
  execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-m", "PEM", "-N", "secret", "-f", at("an old one.pem")]);
  writeFileSync(at("windows.ppk"), "PuTTY-User-Key-File-3: ssh-ed25519\n");
  writeFileSync(at("known_hosts"), "host ssh-ed25519 AAAA\n");
  writeFileSync(at("notes"), "my key: -----BEGIN OPENSSH PRIVATE KEY-----\n");
  writeFileSync(at("empty"), "");
  mkdirSync(at("old"));
  symlinkSync(at("old"), at("link to a folder"));
  symlinkSync(at("nowhere"), at("link to nothing"));
  symlinkSync(at("work"), at("link to work"));
  execFileSync("mkfifo", [at("pipe")]);
  symlinkSync(at("pipe"), at("link to a pipe"));
  const names = ["id_ed25519", "id_rsa", "an old one.pem", "link to work", "windows.ppk", "work"];
  expect(await readKeyFiles(folder)).toEqual(names.map(at));
});

test("without a folder there are none", async () => expect(await readKeyFiles(at("none"))).toEqual([]));
