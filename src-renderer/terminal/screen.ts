import { FitAddon } from "@xterm/addon-fit";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal, type ITheme } from "@xterm/xterm";
import { isDark, usePreferences } from "../app/preferences.ts";
import { hasRealGpu } from "./gpu.ts";
import type { TerminalSession } from "./session.ts";
import { terminalTheme } from "./theme.ts";

const SCROLLBACK_LINES = 5000;

/** xterm in an element, always as large as it. */
export function createScreen(element: HTMLElement, label: string) {
  const terminal = new Terminal({
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontSize: 12.5,
    lineHeight: 1.25,
    scrollback: SCROLLBACK_LINES,
    cursorBlink: false,
    minimumContrastRatio: 4.5,
    allowProposedApi: false,
    theme: terminalTheme(isDark(usePreferences.getState().theme)),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute("aria-label", label);
  if (hasRealGpu()) terminal.loadAddon(new WebglAddon());
  terminal.attachCustomKeyEventHandler((event) => handleKey(terminal, event));

  let observer: ResizeObserver | undefined;
  return {
    write: (bytes: Uint8Array, done: () => void) => terminal.write(bytes, done),
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    setTheme: (theme: ITheme) => {
      terminal.options.theme = theme;
    },
    /** Joins the screen to a session: keys go out, and its size follows the element. */
    connect(session: TerminalSession): void {
      terminal.onData((text) => session.type(text));
      terminal.onBinary((text) => session.typeBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
      observer = new ResizeObserver(() => {
        if (element.clientWidth === 0 || element.clientHeight === 0) return;
        fit.fit();
        session.resize(Math.max(terminal.cols, 2), Math.max(terminal.rows, 1));
      });
      observer.observe(element);
    },
    dispose(): void {
      observer?.disconnect();
      terminal.dispose();
    },
  };
}

export type Screen = ReturnType<typeof createScreen>;

/** False keeps a key from the terminal. Only keys with Ctrl+Shift are ours. */
function handleKey(terminal: Terminal, event: KeyboardEvent): boolean {
  // xterm sends the letter itself. Left alone, the browser then also types it into xterm's hidden field, which lays the
  // page out three times before the answer can be drawn.
  if (event.type === "keypress") event.preventDefault();
  if (event.type !== "keydown" || !event.ctrlKey || !event.shiftKey) return true;
  if (event.code === "KeyC") {
    event.preventDefault();
    if (terminal.hasSelection()) void navigator.clipboard.writeText(terminal.getSelection());
  }
  if (event.code === "KeyV") {
    event.preventDefault();
    void navigator.clipboard.readText().then((text) => terminal.paste(text));
  }
  return false;
}
