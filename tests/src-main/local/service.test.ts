import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ProcessName, Processes } from "../../../src-main/local/team/processes.ts";
import { Service } from "../../../src-main/local/team/service.ts";
import type { ProcessIdentity } from "../../../src-main/platform/process-identity.ts";

let folder: string;
let service: Service;
let processes: SuddenProcesses;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "service-"));
  processes = new SuddenProcesses(folder);
  service = new Service({
    name: "daemon",
    argv: ["/bin/sh", "-c", "echo started; exec sleep 60"],
    env: {},
    folder,
    logDir: folder,
    processes,
    isReady: async () => await Promise.resolve(starts() > 0),
  });
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** Ends a process so fast that the event loop has not heard of it when this returns. */
class SuddenProcesses extends Processes {
  readonly #pids = new Set<number>();

  override remember(name: ProcessName, identity: ProcessIdentity): void {
    this.#pids.add(identity.pid);
    super.remember(name, identity);
  }

  override end(): Promise<void> {
    for (const pid of this.#pids) {
      process.kill(pid, "SIGKILL");
      while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) continue;
    }
    this.#pids.clear();
    return Promise.resolve();
  }
}

function starts(): number {
  return readFileSync(path.join(folder, "daemon.log"), "utf8").match(/^started$/gm)?.length ?? 0;
}

it("is one process after a restart, however late the end of the one before is heard of", async () => {
  await service.start();
  await service.stop();
  await service.start();
  await pause(400);
  expect(starts()).toBe(2);
});

it("starts again by itself when its process ends", async () => {
  await service.start();
  await processes.end();
  await expect.poll(starts).toBe(2);
});
