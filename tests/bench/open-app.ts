import { spawn } from "node:child_process";
import { once } from "node:events";
import type { WindowName } from "../../contract/agents.ts";
import type { Lab } from "../support/lab-server.ts";
import { sshOptions } from "./bare-terminal.ts";
import { openApp, openChromium, startShell, usePrompt } from "./browser-page.ts";
import { type Bench, percentile } from "./figure.ts";
import { type KnownServer, knownServer, whyNoLab } from "./known-server.ts";
import { pressAndTime } from "./press-and-time.ts";

const ROUNDS = 7;
const BUDGET_MS = 1500;
const AGENT: WindowName = "code";

/** From nothing to an agent's terminal that answers a key, less the SSH login that nobody can save. */
export const openAppBench: Bench = {
  name: "open-app",
  unavailable: whyNoLab,
  run: async () => {
    const server = await knownServer();
    const logins: number[] = [];
    const starts: { readonly whole: number; readonly page: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      logins.push(await timeLogin(server.lab));
      starts.push(await timeOpening(server));
    }
    const login = percentile(logins, 0.5);
    const figure = { unit: "ms", baseline: { name: "budget", value: BUDGET_MS }, bar: { atMost: 1 } } as const;
    const median = (times: readonly number[]) => percentile(times, 0.5);
    const whole = median(starts.map((start) => start.whole));
    const page = median(starts.map((start) => start.page));
    return [
      { ...figure, name: "page to usable terminal, less the login", value: page - login },
      { ...figure, name: "host and page to usable terminal, less the login", value: whole - login },
      {
        name: "host and page to usable terminal, whole",
        value: whole,
        unit: "ms",
        baseline: { name: "OpenSSH login", value: login },
        bar: { atMost: 1 + BUDGET_MS / login },
      },
    ];
  },
};

/** OpenSSH from its start to its end around a program that does nothing. */
async function timeLogin(lab: Lab): Promise<number> {
  const started = performance.now();
  await once(spawn("ssh", [...sshOptions(lab), "true"], { stdio: "ignore" }), "exit");
  return performance.now() - started;
}

/** A host without a connection and a browser without a page; the browser itself is there already. */
async function timeOpening({ home }: KnownServer): Promise<{ readonly whole: number; readonly page: number }> {
  const { page, close } = await openChromium();
  const started = performance.now();
  const shell = startShell(home);
  try {
    const address = await shell.address();
    const served = performance.now();
    await openApp(page, address, AGENT);
    await usePrompt(page, AGENT);
    await pressAndTime(page, { key: "Q", sent: "Q", shown: "Q" });
    const ended = performance.now();
    await page.keyboard.press("Control+u");
    return { whole: ended - started, page: ended - served };
  } finally {
    await close();
    await shell.close();
  }
}
