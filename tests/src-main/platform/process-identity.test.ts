import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identify, isAlive, signalProcess } from "../../../src-main/platform/process-identity.ts";

test("knows a process until it ends", async () => {
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error("not found");
  expect(isAlive(identity)).toBe(true);

  expect(signalProcess(identity, "SIGTERM")).toBe(true);
  await once(child, "exit");

  expect(isAlive(identity)).toBe(false);
  expect(signalProcess(identity, "SIGTERM")).toBe(false);
});

test("never signals a process that has the number of another one, or another user", () => {
  const own = identify(process.pid);
  if (own === null) throw new Error("not found");
  expect(signalProcess({ ...own, startTicks: "1" }, "SIGKILL")).toBe(false);
  expect(signalProcess({ ...own, bootId: "an earlier boot" }, "SIGKILL")).toBe(false);
  expect(signalProcess(own, "SIGKILL", (process.getuid?.() ?? 0) + 1)).toBe(false);
});
