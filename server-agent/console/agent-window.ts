import process from "node:process";
import type { AgentName, Level } from "../../contract/agents.ts";
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
  setStanding(standing: { readonly level: Level }): void;
  setActivity(text: string): void;
  turnStarted(turn: Turn): void;
  turnEnded(): void;
  note(text: string): void;
  close(): void;
}

export interface WindowParts {
  readonly agent: AgentName;
  readonly simulated: boolean;
  /** Takes the server's secrets out of what is noted: hooks, MCP servers and the model's provider may quote them. */
  readonly hide: (text: string) => string;
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
  let level: Level | null = null;
  const showStatus = (): void => {
    const resting = connection === "connected" ? "idle" : "offline, the daemon is away";
    screen.setStatus(statusLine(parts, { work, resting, level }));
  };
  screen.print(`${parts.agent}\n`, "1");
  if (parts.simulated) screen.print("Answers come from the simulated model.\n", "33");
  showStatus();
  const closeKeyboard = openKeyboard(screen, parts);
  return {
    screen,
    setConnection(state) {
      connection = state;
      showStatus();
    },
    setStanding(standing) {
      level = standing.level;
      showStatus();
    },
    setActivity(text) {
      work = text;
      showStatus();
    },
    turnStarted(turn) {
      work = "Thinking";
      turns += 1;
      level = turn.profile.level;
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
      screen.print(`${parts.hide(plainText(text))}\n`, QUIET);
    },
    close: closeKeyboard,
  };
}

interface Standing {
  readonly work: string | null;
  readonly resting: string;
  readonly level: Level | null;
}

function statusLine({ agent, simulated }: WindowParts, { work, resting, level }: Standing): string {
  const standing = level === null ? "" : ` · level ${level}`;
  const model = simulated ? " · simulated model" : "";
  return plainText(`${work === null ? "○" : "●"} ${agent}${standing}${model} · ${work ?? resting}`);
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
