import type { Page } from "@playwright/test";
import type { WindowName } from "../../contract/agents.ts";
import type { Lab } from "../support/lab-server.ts";
import { openBareTerminal } from "./bare-terminal.ts";
import { openApp, openChromium, startShell, usePrompt } from "./browser-page.ts";
import type { Bench } from "./figure.ts";
import { type KnownServer, knownServer, whyNoLab } from "./known-server.ts";
import { pressAndTime } from "./press-and-time.ts";
import { withShellInWindow } from "./shell-in-window.ts";

const CALM_MS = 500;
const FLOOD_MS = 2000;
/** How much waits when the key is pressed differs from time to time. */
const FLOODS = 5;
const MEGABYTES = 64;
const WINDOW: WindowName = "logs";
const AGENT: WindowName = "code";
const ENDED = "all-of-it-shown";

/** Much output at once: how soon Ctrl-C brings the prompt back, and how fast the terminal takes it in. */
export const flood: Bench = {
  name: "flood",
  unavailable: whyNoLab,
  run: async () => {
    const server = await knownServer();
    const agent = await inPage(server, AGENT, stopAgent);
    return withShellInWindow(server.lab, WINDOW, async () => {
      const bare = await throughBareTerminal(server.lab);
      const page = await inPage(server, WINDOW, async (page) => {
        const calms: number[] = [];
        while (calms.length < FLOODS) calms.push(await stopFlood(page));
        return { calm: Math.max(...calms), seconds: await showAll(page) };
      });
      return [
        calm("Ctrl-C to prompt, agent's command floods", agent),
        calm(`Ctrl-C to prompt, the window floods, worst of ${FLOODS}`, page.calm),
        {
          name: "output of a window until its end is shown",
          value: MEGABYTES / page.seconds,
          unit: "MB/s",
          baseline: { name: "bar", value: 8 },
          bar: { atLeast: 1 },
        },
        {
          name: "the same, against no page and no host",
          value: MEGABYTES / page.seconds,
          unit: "MB/s",
          baseline: { name: "OpenSSH", value: MEGABYTES / bare },
          bar: { atLeast: 0.5 },
        },
      ] as const;
    });
  },
};

function calm(name: string, value: number) {
  return { name, value, unit: "ms", baseline: { name: "budget", value: CALM_MS }, bar: { atMost: 1 } } as const;
}

async function inPage<T>({ home }: KnownServer, window: WindowName, use: (page: Page) => Promise<T>): Promise<T> {
  const shell = startShell(home);
  const { page, close } = await openChromium();
  try {
    await openApp(page, await shell.address(), window);
    await usePrompt(page, window, window === WINDOW ? "ready" : "›");
    return await use(page);
  } finally {
    await close();
    await shell.close();
  }
}

async function stopAgent(page: Page): Promise<number> {
  await page.keyboard.type("run seq 1 3000000000\n");
  await page.locator(".xterm-rows", { hasText: /Running seq/ }).waitFor();
  await page.waitForTimeout(FLOOD_MS);
  return (await pressAndTime(page, { key: "Control+c", sent: "Interrupted.", shown: "Interrupted." })).drawn;
}

async function stopFlood(page: Page): Promise<number> {
  await page.keyboard.type("yes flood\n");
  await page.waitForTimeout(FLOOD_MS);
  return (await pressAndTime(page, { key: "Control+c", sent: "ready", shown: "ready" })).drawn;
}

async function showAll(page: Page): Promise<number> {
  await page.keyboard.type(`show ${MEGABYTES}`);
  const { drawn } = await pressAndTime(page, { key: "Enter", sent: ENDED, shown: ENDED });
  return drawn / 1000;
}

/** Seconds from the same command to the arrival of its end at a program that draws nothing. */
async function throughBareTerminal(lab: Lab): Promise<number> {
  const bare = openBareTerminal(lab, WINDOW);
  await bare.time("\n", "ready");
  const { ms } = await bare.time(`show ${MEGABYTES}\n`, ENDED);
  bare.close();
  return ms / 1000;
}
