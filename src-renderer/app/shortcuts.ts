import { SPECIALISTS, type AgentName } from "../../contract/agents.ts";
import { go } from "./navigation.ts";
import { PAGE_ENTRIES } from "./pages.ts";
import { openTerminal, toggleTheme, togglePanel } from "./preferences.ts";
import { showFloating, useFloating } from "./windows.ts";

export const SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "Ctrl K", does: "Search or run a command" },
  { keys: `Ctrl 1 … ${PAGE_ENTRIES.length}`, does: "Go to a page" },
  { keys: "Ctrl Shift 1 … 6", does: "Open an agent's terminal" },
  { keys: "Ctrl J", does: "Show or hide the terminals" },
  { keys: "Ctrl Shift L", does: "Light or dark" },
  { keys: "/", does: "Write a message" },
  { keys: "Enter", does: "Send the message" },
  { keys: "Shift Enter", does: "New line in the message" },
  { keys: "Ctrl Shift C", does: "Copy from a terminal" },
  { keys: "Ctrl Shift V", does: "Paste into a terminal" },
  { keys: "Ctrl Shift Esc", does: "Leave a terminal" },
  { keys: "Esc", does: "Close what is open; in the message, stop the work" },
  { keys: "?", does: "Show this list" },
];

const TERMINAL_AGENTS: readonly AgentName[] = ["supervisor", ...SPECIALISTS];

/** Keys of the whole app. Inside a terminal only those with Ctrl+Shift are ours. */
export function followShortcuts(): void {
  window.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || useFloating.getState().open !== "none") return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (runShortcut(event, target)) event.preventDefault();
  });
}

function runShortcut(event: KeyboardEvent, target: HTMLElement | null): boolean {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.shiftKey) return runTerminalShortcut(event, target);
  if (target?.closest(".xterm")) return false;
  if (control && !event.altKey) return runControlShortcut(event);
  const typing = target?.closest("input, textarea, select, [contenteditable]");
  return !typing && !event.altKey && runPlainShortcut(event.key);
}

function runTerminalShortcut(event: KeyboardEvent, target: HTMLElement | null): boolean {
  const agent = TERMINAL_AGENTS[digit(event.code)];
  if (agent) openTerminal(agent);
  else if (event.code === "KeyL") toggleTheme();
  else if (event.code === "KeyP") showFloating("palette");
  else if (event.code === "Escape") target?.blur();
  else return false;
  return true;
}

function runControlShortcut(event: KeyboardEvent): boolean {
  const entry = PAGE_ENTRIES[digit(event.code)];
  if (entry) go(entry.page);
  else if (event.code === "KeyK") showFloating("palette");
  else if (event.code === "KeyJ") togglePanel();
  else return false;
  return true;
}

function runPlainShortcut(key: string): boolean {
  if (key === "?") {
    showFloating("shortcuts");
    return true;
  }
  const composer = document.getElementById("composer");
  if (key !== "/" || !composer) return false;
  composer.focus();
  return true;
}

/** 0 for the key 1, whatever Shift makes of it; -1 for any other key. */
function digit(code: string): number {
  return code.startsWith("Digit") ? Number(code.slice("Digit".length)) - 1 : -1;
}
