import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

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

it("changes how a server is reached; what is not named stays", async () => {
  const server = {
    id: "s1",
    name: "box",
    place: {
      kind: "ssh",
      address: { host: "203.0.113.5", port: 2222, user: "root" },
      auth: { kind: "key_file", path: "/wrong" },
      hostKey: { algorithm: "ssh-ed25519", fingerprint: "SHA256:a" },
    },
    provisioned: null,
  };
  writeFileSync(path.join(home, "servers.json"), JSON.stringify({ version: 1, servers: [server] }));
  const edited = async (...words: string[]) => {
    const { lines } = await cli("servers", "edit", "box", ...words, "--json");
    return (JSON.parse(lines.at(-1) ?? "") as { server: { place: object } }).server.place;
  };
  expect(await edited("--identity", "/right")).toEqual({ ...server.place, auth: { kind: "key_file", path: "/right" } });
  expect(await edited("ann@203.0.113.6", "--ssh-agent")).toEqual({
    kind: "ssh",
    address: { host: "203.0.113.6", port: 2222, user: "ann" },
    auth: { kind: "agent" },
    hostKey: null,
  });
  rmSync(path.join(home, "servers.json"));
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

it("refuses a time for restarts that is none, before it connects", async () => {
  const { exitCode, lines } = await cli("provision", "root@127.0.0.1:1", "--reboot-at", "25:00", "--json");
  expect({ exitCode, end: JSON.parse(lines.at(-1) ?? "") }).toEqual({
    exitCode: 2,
    end: { ok: false, code: "app.bad_input", message: "No time of day is 25:00", hint: "--reboot-at 04:00, or never" },
  });
});
