import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import type { HostApi } from "../../contract/host-api.ts";

const root = path.resolve(import.meta.dirname, "../..");

// Playwright asks the package `electron` for the binary, and that one asks this variable.
process.env["ELECTRON_OVERRIDE_DIST_PATH"] ??= path.join(root, "tests/support/electron-standin");

/** Whether the specs run on the stand-in or on Electron's own binary. */
export const onStandin = process.env["ELECTRON_OVERRIDE_DIST_PATH"].endsWith("electron-standin");

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the main process wrote on stderr. */
  log(): string;
}

export function temporaryHome(): string {
  return mkdtempSync(path.join(os.tmpdir(), "ai-infra-electron-"));
}

/** Starts the built app with all its state in `home` and waits for its page. */
export async function launchApp(home: string): Promise<RunningApp> {
  const env = { ...process.env, AI_INFRA_HOME: home } as Record<string, string>;
  const app = await _electron.launch({ args: ["."], cwd: root, env });
  let log = "";
  app.process().stderr?.on("data", (chunk) => (log += String(chunk)));
  const page = await app.firstWindow();
  await page.waitForURL(/\/index\.html/);
  return { app, page, log: () => log };
}

/** The host's API as the page reaches it: through the preload and a port of the page. */
export async function hostClient(page: Page): Promise<ContractRouterClient<typeof HostApi>> {
  const { port1, port2 } = new MessageChannel();
  await page.exposeFunction("toTest", (frame: string) => port2.postMessage(frame));
  await page.evaluate(() => {
    const channel = new MessageChannel();
    const bridge = window as unknown as { toTest(frame: string): void; fromTest(frame: string): void };
    channel.port1.addEventListener("message", (event: MessageEvent<string>) => bridge.toTest(event.data));
    channel.port1.start();
    bridge.fromTest = (frame) => channel.port1.postMessage(frame);
    window.postMessage({ type: "ai-infra:open-channel", path: "host" }, "*", [channel.port2]);
  });
  port2.addEventListener("message", (event: MessageEvent<string>) => {
    void page.evaluate((frame) => (window as unknown as { fromTest(frame: string): void }).fromTest(frame), event.data);
  });
  port1.start();
  port2.start();
  return createORPCClient(new RPCLink({ port: port1 }));
}
