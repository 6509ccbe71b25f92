import type { WindowName } from "../../contract/agents.ts";
import { TerminalView } from "../terminal/terminal-view.tsx";
import { usePreferences } from "./preferences.ts";
import { Group, Panel, Separator } from "react-resizable-panels";

interface TerminalPairProps {
  readonly serverId: string;
  readonly windows: readonly WindowName[];
  readonly active: WindowName | null;
}

/** The terminal in front and, when a person wants it, another one that stays beside it. */
export function TerminalPair({ serverId, windows, active }: TerminalPairProps) {
  const wanted = usePreferences((state) => state.beside);
  const beside = wanted === active ? null : wanted;
  return (
    <Group className="min-h-0 flex-1">
      <Panel id="front" minSize={160} className="flex min-w-0 flex-col overflow-hidden!">
        {windows
          .filter((window) => window !== beside)
          .map((window) => (
            <TerminalView
              key={`${serverId}/${window}`}
              serverId={serverId}
              window={window}
              active={window === active}
            />
          ))}
      </Panel>
      {beside && (
        <>
          <Separator aria-label="Width of the two terminals" className="moves w-px bg-line2 hover:bg-accent" />
          <Panel id="beside" minSize={160} className="flex min-w-0 flex-col overflow-hidden!">
            <p className="border-b border-line bg-panel px-3 py-1 text-small text-dim">{beside}</p>
            <TerminalView key={`${serverId}/${beside}`} serverId={serverId} window={beside} active />
          </Panel>
        </>
      )}
    </Group>
  );
}
