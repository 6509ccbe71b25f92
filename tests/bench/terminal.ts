import { setTimeout as pause } from "node:timers/promises";
import type { WindowName } from "../../contract/agents.ts";
import { openBareTerminal } from "./bare-terminal.ts";
import { openApp, openChromium, startShell, usePrompt } from "./browser-page.ts";
import { type Bench, type Figure, percentile } from "./figure.ts";
import { type KnownServer, knownServer, whyNoLab } from "./known-server.ts";
import { pressAndTime } from "./press-and-time.ts";
import type { Echo } from "./terminal-probe.ts";

/** Letters that neither a status line nor a prompt holds, each once in a line. */
const LETTERS = Array.from("QWERTYUIOPASDFGHJKLZXCVBNM");
const LINES = 8;
const CLEAR_LINE = "\u0015";
const AGENT: WindowName = "supervisor";
/** The human eye's share: one frame of a 60 Hz screen comes on top of the budget. */
const FRAME_MS = 1000 / 60;

/** Keys typed into an agent's window: page, browser shell, host, SSH, tmux, console and all the way back. */
export const terminal: Bench = {
  name: "terminal",
  unavailable: whyNoLab,
  run: async () => {
    const server = await knownServer();
    const bare = await typeBare(server);
    const page = await typeInPage(server);
    return [
      ...echoFigures({ name: "keystroke in the screen's buffer", times: page.map(({ buffered }) => buffered), bare }),
      {
        name: "keystroke drawn p95",
        value: percentile(
          page.map(({ drawn }) => drawn),
          0.95,
        ),
        unit: "ms",
        baseline: { name: "budget and a frame", value: 20 + FRAME_MS },
        bar: { atMost: 1 },
      },
    ];
  },
};

interface EchoTimes {
  readonly name: string;
  readonly times: readonly number[];
  readonly bare: readonly number[];
}

function echoFigures({ name, times, bare }: EchoTimes): Figure[] {
  return (
    [
      ["p50", 0.5, 5],
      ["p95", 0.95, 20],
    ] as const
  ).flatMap(([label, fraction, budget]) => {
    const value = percentile(times, fraction);
    const figure = { name: `${name} ${label}`, value, unit: "ms" } as const;
    const without = { name: "without page and host", value: percentile(bare, fraction) };
    return [
      { ...figure, baseline: { name: "budget", value: budget }, bar: { atMost: 1 } },
      { ...figure, baseline: without, bar: { atMost: 3 } },
    ];
  });
}

async function typeBare({ lab }: KnownServer): Promise<number[]> {
  const bare = openBareTerminal(lab, AGENT);
  await bare.time(CLEAR_LINE, "›");
  const times: number[] = [];
  for (let line = 0; line < LINES; line += 1) {
    for (const letter of LETTERS) {
      times.push((await bare.time(letter, letter)).ms);
      await pause(20);
    }
    await bare.time(CLEAR_LINE, "›");
    await pause(100);
  }
  bare.close();
  return times;
}

async function typeInPage({ home }: KnownServer): Promise<Echo[]> {
  const shell = startShell(home);
  const { page, close } = await openChromium();
  try {
    await openApp(page, await shell.address(), AGENT);
    await usePrompt(page, AGENT);
    const echoes: Echo[] = [];
    for (let line = 0; line < LINES; line += 1) {
      for (const [index, letter] of LETTERS.entries()) {
        echoes.push(
          await pressAndTime(page, { key: letter, sent: letter, shown: LETTERS.slice(0, index + 1).join("") }),
        );
        await pause(20);
      }
      await page.keyboard.press("Control+u");
      await pause(100);
    }
    return echoes;
  } finally {
    await close();
    await shell.close();
  }
}
