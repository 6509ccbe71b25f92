import type { Page } from "@playwright/test";
import type { Echo } from "./terminal-probe.ts";

export interface Press {
  readonly key: string;
  /** What the terminal is sent in answer. */
  readonly sent: string;
  /** What its screen then shows. */
  readonly shown: string;
}

/** Presses a key in the page and waits until its answer is drawn. */
export async function pressAndTime(page: Page, { key, sent, shown }: Press): Promise<Echo> {
  await page.evaluate(([sent, shown]) => window.terminalProbe.expect(sent, shown), [sent, shown] as const);
  await page.keyboard.press(key);
  return page.evaluate(() => window.terminalProbe.echo());
}
