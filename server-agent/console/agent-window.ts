import process from "node:process";
import { AGENT_LEVELS, type AgentName } from "../../contract/agents.ts";
import type { Turn } from "../../contract/console-api.ts";
import { QUIET } from "./flow.ts";
import { EMPTY_LINE, lineText, pressKey } from "./line-editor.ts";
import { plainText } from "./plain-text.ts";
import { readKeys, type WindowKey } from "./read-keys.ts";
import { createPlainScreen, createScreen, type Screen } from "./screen.ts";

/** An agent's window: what it does scrolls by, its state and the line being typed stay at the bottom. */
export interface AgentWindow {
  readonly screen: Screen;
  setConnection(state: "connected" | "away"): void;
  setActivity(text: string): void;
  turnStarted(turn: Turn): void;
  turnEnded(): void;
  note(text: string): void;
  close(): void;
}

export interface WindowParts {
  readonly agent: AgentName;
  readonly simulated: boolean;
  readonly onLine: (text: string) => void;
  /** Whether there was anything to interrupt. */
  readonly onInterrupt: () => boolean;
}

const BRACKETED_PASTE_ON = "\u001b[?2004h";
const BRACKETED_PASTE_OFF = "\u001b[?2004l";
const FROM = { person: "chat", window: "this window", agent: "the supervisor" } as const;

export function openWindow(parts: WindowParts): AgentWindow {
  const screen = process.stdout.isTTY ? createScreen(process.stdout) : createPlainScreen(process.stdout);
  let connection = "connecting";
  let work: string | null = null;
  let turns = 0;
  const showStatus = (): void => {
    const mark = work === null ? "○" : "●";
    const state = work ?? (connection === "connected" ? "idle" : "offline, the daemon is away");
    const model = parts.simulated ? " · simulated model" : "";
    screen.setStatus(plainText(`${mark} ${parts.agent}${model} · ${state}`));
  };
  screen.print(`${parts.agent} · level ${AGENT_LEVELS[parts.agent]}\n`, "1");
  if (parts.simulated) screen.print("Answers come from the simulated model.\n", "33");
  showStatus();
  const closeKeyboard = openKeyboard(screen, parts);
  return {
    screen,
    setConnection(state) {
      connection = state;
      showStatus();
    },
    setActivity(text) {
      work = text;
      showStatus();
    },
    turnStarted(turn) {
      work = "Thinking";
      turns += 1;
      screen.freshLine();
      screen.print(`\n▸ ${plainText(shownRequest(turn))}  (from ${FROM[turn.from]})\n`, "36");
      showStatus();
    },
    turnEnded() {
      turns -= 1;
      if (turns === 0) work = null;
      screen.freshLine();
      showStatus();
    },
    note(text) {
      screen.freshLine();
      screen.print(`${plainText(text)}\n`, QUIET);
    },
    close: closeKeyboard,
  };
}

/** What the agent of a phase is told is long, and mostly the same. */
function shownRequest({ request, output }: Turn): string {
  return output === null ? request : (request.split("\n", 1)[0] ?? "");
}

function openKeyboard(screen: Screen, parts: WindowParts): () => void {
  const input = process.stdin;
  if (!input.isTTY) return () => undefined;
  let line = EMPTY_LINE;
  readKeys(input, (key: WindowKey) => {
    if (key.type === "redraw") return screen.clear();
    if (key.type === "interrupt") {
      if (!parts.onInterrupt()) line = pressKey(pressKey(line, { type: "end" }), { type: "delete_to_start" });
      return screen.setLine(line);
    }
    const text = lineText(line).trim();
    line = pressKey(line, key);
    screen.setLine(line);
    if (key.type === "submit" && text !== "") parts.onLine(text);
  });
  input.setRawMode(true);
  input.resume();
  process.stdout.write(BRACKETED_PASTE_ON);
  return () => {
    input.setRawMode(false);
    input.pause();
    process.stdout.write(BRACKETED_PASTE_OFF);
  };
}
