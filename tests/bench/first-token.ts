import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Lab } from "../support/lab-server.ts";
import { openChromium, startShell } from "./browser-page.ts";
import { type Bench, percentile } from "./figure.ts";
import { type KnownServer, knownServer, provision, runCli, whyNoLab } from "./known-server.ts";

const TURNS = 30;
/** The first ones load what later ones have. */
const WARM_UP_TURNS = 3;
const PORT = 18_080;
const BUDGET_MS = 40;
const CONFIG = "/etc/ai-infrastructure/daemon.json";
const STAND_IN = path.join(import.meta.dirname, "stand-in-messages-api.mjs");

/** Our share of the time to the first token: from the first byte of a Messages API on the server to text in the page. */
export const firstToken: Bench = {
  name: "first-token",
  unavailable: whyNoLab,
  run: async () => {
    const server = await knownServer();
    await useStandIn(server);
    try {
      const times = await chat(server);
      const value = percentile(times, 0.5);
      return [
        {
          name: "first byte of the model to text in the page p50",
          value,
          unit: "ms",
          baseline: { name: "budget", value: BUDGET_MS },
          bar: { atMost: 1 },
        },
      ];
    } finally {
      await useSimulated(server);
    }
  },
};

async function useStandIn({ lab, home }: KnownServer): Promise<void> {
  await lab.exec("cat >/var/tmp/stand-in.mjs", { input: await readFile(STAND_IN, "utf8") });
  const program = `/opt/ai-infrastructure/current/node /var/tmp/stand-in.mjs ${PORT}`;
  await lab.sh(`systemd-run --quiet --unit=stand-in --collect ${program}`);
  await setAddress(lab, `http://127.0.0.1:${PORT}`);
  await runCli(home, ["model-key", "--key-file", "-"], "sk-stand-in\n");
}

async function useSimulated(server: KnownServer): Promise<void> {
  await setAddress(server.lab, "https://api.anthropic.com");
  await provision(server);
  await server.lab.sh("systemctl stop stand-in");
}

async function setAddress(lab: Lab, url: string): Promise<void> {
  await lab.sh(`sed -i 's|"anthropicUrl": "[^"]*"|"anthropicUrl": "${url}"|' ${CONFIG}`);
}

async function chat({ home }: KnownServer): Promise<number[]> {
  const shell = startShell(home);
  const { page, close } = await openChromium();
  try {
    await page.addInitScript(installWordWatch);
    await page.goto(await shell.address());
    await page.locator("#composer").waitFor();
    const times: number[] = [];
    for (let turn = 0; turn < WARM_UP_TURNS + TURNS; turn += 1) times.push(await timeTurn(page, turn));
    return times.slice(WARM_UP_TURNS);
  } finally {
    await close();
    await shell.close();
  }
}

async function timeTurn(page: Page, turn: number): Promise<number> {
  await page.locator("#composer").fill(`turn ${turn}`);
  await page.keyboard.press("Enter");
  const ms = await page.evaluate(() => window.nextFirstWord());
  await page.getByRole("status").filter({ hasText: "working" }).waitFor({ state: "detached" });
  return ms;
}

/** Notes when a `sent=TIME` of this page's own turns appears last in it, both clocks being the machine's. */
function installWordWatch(): void {
  const seen = new Set<number>();
  const early: number[] = [];
  let waiting: ((ms: number) => void) | null = null;
  const look = (): void => {
    const now = Date.now();
    const text = [...document.querySelectorAll("article")].at(-1)?.textContent ?? "";
    const sent = Number(/sent=(\d{13})/.exec(text)?.[1] ?? 0);
    if (sent < performance.timeOrigin || seen.has(sent)) return;
    seen.add(sent);
    if (waiting) waiting(now - sent);
    else early.push(now - sent);
    waiting = null;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  const nextFirstWord = (): Promise<number> => {
    const ms = early.shift();
    return ms === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(ms);
  };
  Object.assign(window, { nextFirstWord });
}

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- joins the browser's own interface.
  interface Window {
    nextFirstWord(): Promise<number>;
  }
}
