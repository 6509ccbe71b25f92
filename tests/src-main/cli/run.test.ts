import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseTarget, readTarget } from "../../../src-main/cli/target.ts";

const main = path.join(import.meta.dirname, "../../../src-main/cli/main.ts");
let home: string;
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-cli-"));
});
afterAll(() => rmSync(home, { recursive: true }));

async function cli(...words: string[]): Promise<{ exitCode: number | null; lines: string[]; notes: string }> {
  const env = { ...process.env, AI_INFRA_HOME: home, SSH_AUTH_SOCK: "" };
  const child = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let notes = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (notes += bytes.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, lines: output.trimEnd().split("\n"), notes };
}

it("lists servers as one line of JSON", async () => {
  expect(await cli("servers", "--json")).toEqual({ exitCode: 0, lines: ['{"ok":true,"servers":[]}'], notes: "" });
});

it("ends with an error as its last line of JSON, and a code that says misused", async () => {
  const { exitCode, lines } = await cli("chat", "hello", "--json");
  expect(exitCode).toBe(2);
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    ok: false,
    code: "app.bad_input",
    message: "There is no server yet",
    hint: "Run `ai-infra provision` or `ai-infra local start` first.",
  });
});

it("says errors for people on standard error", async () => {
  const { exitCode, lines, notes } = await cli("provision", "root@127.0.0.1:1", "--identity", "/no/such/key", "--yes");
  expect(exitCode).toBe(1);
  expect(lines).toEqual([""]);
  expect(notes).toContain("Error: The key file /no/such/key cannot be used: there is no such file");
});

it("forgets a server whose first connection failed", async () => {
  const key = path.join(home, "not-a-key");
  writeFileSync(key, "nonsense");
  const { lines } = await cli("provision", "root@127.0.0.1:1", "--identity", key, "--yes", "--json");
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ ok: false, code: "connection.key_unreadable" });
  expect((await cli("servers", "--json")).lines).toEqual(['{"ok":true,"servers":[]}']);
});

it("helps, in general and with each command, and refuses what it does not know", async () => {
  expect((await cli("--help")).exitCode).toBe(0);
  const { lines, exitCode } = await cli("provision", "--help");
  expect([exitCode, lines[0]]).toEqual([0, expect.stringContaining("[user@]host[:port]")]);
  expect((await cli("no-such-command")).exitCode).toBe(2);
  expect((await cli("servers", "--no-such-option")).exitCode).toBe(2);
});

describe("a target", () => {
  it.each([
    ["example.org", { user: undefined, host: "example.org", port: undefined }],
    ["root@203.0.113.5:2222", { user: "root", host: "203.0.113.5", port: 2222 }],
    ["root@[2001:db8::1]:22", { user: "root", host: "[2001:db8::1]", port: 22 }],
    ["2001:db8::1", { user: undefined, host: "2001:db8::1", port: undefined }],
  ])("%s is read", (target, parts) => {
    expect(parseTarget(target)).toEqual(parts);
  });

  const options = { identity: "/k", name: undefined, password: false, known: [], env: {} };

  it("takes what it does not say from ~/.ssh/config, then from this computer", () => {
    const known = [{ alias: "box", address: { host: "203.0.113.7", port: 2200, user: "admin" }, keyFile: "/box" }];
    expect(readTarget("box", { ...options, identity: undefined, known })).toEqual({
      address: { host: "203.0.113.7", port: 2200, user: "admin" },
      auth: { kind: "key_file", path: "/box" },
      name: "box",
    });
    expect(readTarget("root@box:22", { ...options, known }).address).toEqual({
      host: "203.0.113.7",
      port: 22,
      user: "root",
    });
    expect(readTarget("other", options).address.user).toBe(userInfo().username);
  });

  it.each(["-oProxyCommand=x", "a b", "host:70000", "Root!@host"])("%s is refused", (target) => {
    expect(() => readTarget(target, options)).toThrow(/is not a server/);
  });
});
