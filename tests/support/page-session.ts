import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Browser, type Page } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const SHELL = path.resolve(import.meta.dirname, "../../out/browser/browser.mjs");

export interface PageSession {
  readonly page: Page;
  /** Everything that stood in a status on the page so far, however shortly. */
  statuses(): Promise<string[]>;
  close(): Promise<void>;
}

/** The built browser shell as a process of its own, and its page in Chromium. */
export async function openPage(browser: Browser, home: string): Promise<PageSession> {
  const shell = spawn(process.execPath, [SHELL, "--json"], {
    env: { ...process.env, AI_INFRA_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(shell, "exit");
  const lines = createInterface(shell.stdout);
  const [first] = (await once(lines, "line", { signal: AbortSignal.timeout(20_000) })) as [string];
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.addInitScript(keepStatuses);
  await page.goto((JSON.parse(first) as { url: string }).url);
  return {
    page,
    statuses: async () => await page.evaluate(() => [...(window as StatusWindow).statuses]),
    async close() {
      await context.close();
      shell.kill("SIGTERM");
      await exited;
    },
  };
}

type StatusWindow = Window & typeof globalThis & { statuses: Set<string> };

/** Runs in the page. */
function keepStatuses(): void {
  const seen = new Set<string>();
  Object.assign(window, { statuses: seen });
  const look = (): void => {
    for (const { textContent } of document.querySelectorAll("[role=status]")) seen.add(textContent);
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

export interface PageServer {
  readonly host: string;
  readonly user: string;
  readonly keyFile: string;
}

/** Fills in the form of a server with a key file and sends it. */
export async function addServer(page: Page, { host, user, keyFile }: PageServer): Promise<void> {
  await page.getByRole("textbox", { name: "Host" }).fill(host);
  await page.getByRole("textbox", { name: "User" }).fill(user);
  await page.getByRole("textbox", { name: "Private key" }).fill(keyFile);
  await page.getByRole("button", { name: "Add and connect" }).click();
}

export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("button", { name, exact: true }).click();
}

export async function sendMessage(page: Page, message: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message the team" }).fill(message);
  await page.keyboard.press("Enter");
}

/** What a terminal shows, as xterm draws it. */
export function terminalRows(page: Page, window: string) {
  return page.locator(`[data-terminal=${window}] .xterm-rows`);
}

/** A message's text without what decorates it: names, times, buttons, marks of Markdown. */
export function plain(markdown: string): string {
  return markdown.replaceAll(/^```.*$/gm, "").replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** The messages on the page, top to bottom, as `plain` has them. */
export async function messagesOn(page: Page): Promise<string[]> {
  const texts = await page.getByRole("log", { name: "Conversation" }).evaluate((log) =>
    [...log.querySelectorAll("article")].map((article) => {
      const copy = article.cloneNode(true) as HTMLElement;
      for (const code of copy.querySelectorAll("pre")) code.previousElementSibling?.remove();
      for (const extra of copy.querySelectorAll("header, button, time, [data-always]")) extra.remove();
      return copy.textContent;
    }),
  );
  return texts.map(plain);
}

/** No serious fault for people who use a screen reader, a keyboard or high contrast, in both themes. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const faults = serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    expect(faults, `${what}, ${colorScheme}`).toEqual([]);
  }
}

/** Colours that change do so over some frames, and are measured when they have. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const passing = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}
