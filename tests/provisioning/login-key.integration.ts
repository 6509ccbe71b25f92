import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { installLoginKey } from "../../provisioning/commands/login-key.ts";

const LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA AI Infrastructure app";
let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-login-key-"));
  return () => rmSync(home, { recursive: true });
});

/** Twice: a run that was cut is done again. */
function install(): { text: string; modes: number[] } {
  const { argv, input } = installLoginKey(LINE);
  const [program, ...rest] = argv;
  for (const _ of [1, 2]) execFileSync(program, rest, { env: { ...process.env, HOME: home }, input });
  const files = [path.join(home, ".ssh"), path.join(home, ".ssh/authorized_keys")];
  return { text: readFileSync(files[1] ?? "", "utf8"), modes: files.map((file) => statSync(file).mode & 0o777) };
}

it("makes the file for the login alone, and adds the key once", () => {
  expect(install()).toEqual({ text: `${LINE}\n`, modes: [0o700, 0o600] });
});

it("leaves the keys that are there, the last of them without the end of its line", () => {
  mkdirSync(path.join(home, ".ssh"), { mode: 0o755 });
  writeFileSync(path.join(home, ".ssh/authorized_keys"), "ssh-rsa AAAA ann", { mode: 0o664 });
  expect(install()).toEqual({ text: `ssh-rsa AAAA ann\n${LINE}\n`, modes: [0o755, 0o644] });
});
