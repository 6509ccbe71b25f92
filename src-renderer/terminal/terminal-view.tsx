import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, useState } from "react";
import type { WindowName } from "../../contract/agents.ts";
import { usePreferences } from "../app/preferences.ts";
import { Button } from "../ui/button.tsx";
import { useMedia } from "../ui/use-media.ts";
import { takeKeyboard, typeInto, useKeyboardWish } from "./keyboard.ts";
import { createScreen, type Screen } from "./screen.ts";
import { openTerminalSession, type TerminalState } from "./session.ts";
import { terminalTheme } from "./theme.ts";

interface TerminalViewProps {
  readonly serverId: string;
  readonly window: WindowName;
  /** In front of the others. */
  readonly active: boolean;
}

/** An agent's window on the server: what it prints, and a way to type into it. */
export function TerminalView({ serverId, window, active }: TerminalViewProps) {
  const [round, setRound] = useState(0);
  return (
    <Attached
      key={`${serverId}/${window}/${round}`}
      serverId={serverId}
      window={window}
      active={active}
      onReopen={() => {
        typeInto(window);
        setRound((before) => before + 1);
      }}
    />
  );
}

function Attached({ serverId, window, active, onReopen }: TerminalViewProps & { readonly onReopen: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const [state, setState] = useState<TerminalState>({ state: "connecting" });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const opened = createScreen(element, `Terminal of ${window}`);
    screen.current = opened;
    const session = openTerminalSession({ serverId, window, screen: opened, onState: setState });
    opened.connect(session);
    return () => {
      session.close();
      opened.dispose();
      screen.current = null;
    };
  }, [serverId, window]);

  useFollowTheme(screen);
  const isWanted = useKeyboardWish((wish) => wish.window === window);
  useEffect(() => {
    if (active && isWanted && takeKeyboard(window)) screen.current?.focus();
  }, [active, isWanted, window]);

  return (
    <div className={`relative min-h-0 flex-1 bg-code ${active ? "flex" : "hidden"}`} data-terminal={window}>
      <div ref={place} className="m-2 mr-0.5 min-h-0 min-w-0 flex-1 overflow-hidden" />
      {state.state !== "attached" && <Cover state={state} onReopen={onReopen} />}
    </div>
  );
}

function useFollowTheme(screen: React.RefObject<Screen | null>): void {
  const theme = usePreferences((preferences) => preferences.theme);
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  const dark = theme === "system" ? systemDark : theme === "dark";
  useEffect(() => screen.current?.setTheme(terminalTheme(dark)), [screen, dark]);
}

interface CoverProps {
  readonly state: Exclude<TerminalState, { state: "attached" }>;
  readonly onReopen: () => void;
}

/** What stands over the last screen while nothing new can come. */
function Cover({ state, onReopen }: CoverProps) {
  return (
    <div role="status" className="fades-in pointer-events-none absolute inset-x-0 bottom-0 flex justify-center p-3">
      <div className="pointer-events-auto flex items-center gap-3 rounded-card border border-line2 bg-raised px-3 py-1.5 text-small shadow-float">
        {state.state === "connecting" && <span className="text-dim">Opening the terminal</span>}
        {state.state === "detached" && <span>Reconnecting. {state.reason}</span>}
        {state.state === "ended" && (
          <>
            <span>The terminal has ended. {state.reason}</span>
            <Button size="small" onClick={onReopen}>
              Open again
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
