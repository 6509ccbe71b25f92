import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BrokerReply } from "../../../contract/broker.ts";
import { bundleDaemon } from "../../../scripts/bundle-daemon.mjs";

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "run-broker-"));
  bundle = path.join(folder, "daemon.mjs");
  await bundleDaemon(bundle);
});
afterAll(() => rmSync(folder, { recursive: true }));

const STATUS = { agent: "infra", call: { tool: "systemd", input: { action: "status", unit: "ssh" } } };

/** As systemd starts it, with pipes in the place of the socket. */
async function start(peer: string): Promise<{ replies: BrokerReply[]; exitCode: number; said: string }> {
  const argv = [bundle, "broker", "--peer", peer, "--desk", path.join(folder, "none.sock")];
  const child = spawn(process.execPath, argv, { env: { STATE_DIRECTORY: folder } });
  child.stdin.on("error", () => undefined);
  child.stdin.write(`${JSON.stringify(STATUS)}\n`);
  const [stdout, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
  const lines = stdout.split("\n").filter((line) => line !== "");
  return { replies: lines.map((line) => BrokerReply.parse(JSON.parse(line))), exitCode: Number(exitCode), said };
}

test.each(["", "0-unknown", "0-1-2-3-4"])("does nothing for a caller that systemd calls %j", async (peer) => {
  const { replies, exitCode } = await start(peer);
  expect(replies).toMatchObject([{ type: "failed", error: { code: "broker.refused" } }]);
  expect(exitCode).toBe(0);
});

test("does nothing when it lies where others could change it, and says so in the journal too", async () => {
  const { replies, said } = await start(`0-1-${process.getuid?.() ?? 0}`);
  expect(replies).toMatchObject([
    { type: "failed", error: { code: "broker.refused", message: expect.stringContaining("can be changed by others") } },
  ]);
  expect(said).toContain("can be changed by others");
});
