import { chromium, type Page } from "@playwright/test";
import path from "node:path";
import type { WindowName } from "../../contract/agents.ts";
import { startProgram, until } from "../support/start-program.ts";
import { installTerminalProbe } from "./terminal-probe.ts";

const SHELL = path.resolve(import.meta.dirname, "../../out/browser/browser.mjs");
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];

export interface BrowserShell {
  /** Works for one page. */
  address(): Promise<string>;
  close(): Promise<void>;
}

/** The app without Electron: its host with the servers of `home`, serving the page. */
export function startShell(home: string): BrowserShell {
  const program = startProgram(process.execPath, [SHELL, "--json"], { environment: { AI_INFRA_HOME: home } });
  return {
    address: () => until("the browser shell prints its address", () => lastAddress(program.output())),
    close: () => program.kill("SIGTERM"),
  };
}

export interface PageSession {
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** Chromium with an empty page, its terminals watched by the probe. */
export async function openChromium(): Promise<PageSession> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(installTerminalProbe);
  return { page, close: () => browser.close() };
}

/** The app on a known server with one agent's terminal beside the chat, as a person left it. */
export async function openApp(page: Page, address: string, window: WindowName): Promise<void> {
  const state = { panelOpen: true, tabs: [window], activeTab: window };
  await page.addInitScript(
    (preferences) => localStorage.setItem("ai-infra.preferences", preferences),
    JSON.stringify({ state, version: 0 }),
  );
  await page.goto(address);
}

/** Waits until the agent's prompt is on the screen of its terminal, and puts the keyboard there. */
export async function usePrompt(page: Page, window: WindowName, prompt = "›"): Promise<void> {
  const terminal = page.locator(`[data-terminal="${window}"]`);
  await terminal.locator(".xterm-rows", { hasText: prompt }).waitFor();
  await terminal.locator("textarea").focus();
}

function lastAddress(output: string): string | null {
  const line = output
    .trimEnd()
    .split("\n")
    .findLast((printed) => printed.startsWith("{"));
  return line === undefined ? null : (JSON.parse(line) as { url: string }).url;
}
