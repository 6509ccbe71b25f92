import { Moon, PanelRight, Search, Sun } from "lucide-react";
import { dollars } from "../team/spend.ts";
import { useTeam } from "../team/store.ts";
import { useTeamSummary } from "../team/summary.ts";
import { IconButton } from "../ui/button.tsx";
import { Keys } from "../ui/keys.tsx";
import { useNow } from "../ui/time.tsx";
import { useServer } from "../servers/store.ts";
import { connectionWords, silenceWords } from "../servers/connection-words.ts";
import { go } from "./navigation.ts";
import { isDark, togglePanel, toggleTheme, usePreferences, useTerminalsShown } from "./preferences.ts";
import { ServerSwitcher } from "./server-switcher.tsx";
import { showFloating } from "./windows.ts";

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

export function TopBar() {
  const dark = usePreferences((state) => isDark(state.theme));
  const isShown = useTerminalsShown();
  return (
    <header className="flex min-w-0 items-center gap-2.5 border-b border-line bg-panel px-3 max-phone:px-2">
      <ServerSwitcher />
      <QuietLine />
      <span className="flex-1" />
      <button
        type="button"
        onClick={() => showFloating("palette")}
        className="moves flex h-7.5 items-center gap-2 rounded-control border border-line bg-bg px-2.5 text-small text-faint hover:border-line2 hover:text-dim sheet:min-w-64 sheet:text-base"
      >
        <Search className="icon size-3.5" aria-hidden />
        <span className="flex-1 text-left max-sheet:sr-only">Search or run a command</span>
        <span className="max-sheet:hidden">
          <Keys keys="Ctrl K" />
        </span>
      </button>
      <IconButton
        icon={dark ? Sun : Moon}
        label={dark ? "Light theme" : "Dark theme"}
        keys="Ctrl Shift L"
        onClick={toggleTheme}
      />
      <IconButton
        icon={PanelRight}
        label={isShown ? "Hide terminals" : "Show terminals"}
        keys="Ctrl J"
        aria-pressed={isShown}
        onClick={togglePanel}
      />
    </header>
  );
}

/** One line that says whether all is well: connection, latency, who works, what today cost, which model. */
function QuietLine() {
  const view = useServer();
  const summary = useTeamSummary();
  const isSilent = view?.connection.state === "online" && view.connection.silentSince !== null;
  const now = useNow(isSilent ? SECOND_MS : HOUR_MS);
  if (!view) return null;
  const { connection, server } = view;
  const latency =
    connection.state === "online" && connection.latencyMs !== null && server.place.kind === "ssh"
      ? `${Math.round(connection.latencyMs)} ms`
      : null;
  const silence = silenceWords(connection, now);
  const words = silence === null ? [connectionWords(connection).word, latency] : [silence];
  const parts = [...words, summary.live === "live" ? summary.working : null];
  return (
    <p className="flex min-w-0 items-center gap-2 text-[12.5px] text-faint">
      <span className="truncate max-sheet:hidden">{parts.filter(Boolean).join(" · ")}</span>
      <TodaysSpend />
      {summary.model && (
        <span
          className={`truncate rounded-control px-1.5 text-small leading-5 ${summary.model === "simulated" ? "border border-line2 text-dim" : "text-faint"}`}
        >
          {summary.model === "simulated" ? "Simulated model" : "Anthropic"}
        </span>
      )}
    </p>
  );
}

/** Nothing for a team that costs nothing. */
function TodaysSpend() {
  const usd = useTeam((team) => team.spend?.todayUsd ?? null);
  const isPaid = useTeam((team) => team.status?.model === "anthropic");
  if (usd === null || (usd === 0 && !isPaid)) return null;
  return (
    <button
      type="button"
      onClick={() => go("spend")}
      className="moves rounded-control whitespace-nowrap tabular-nums hover:text-text hover:underline"
    >
      {dollars(usd)} today
    </button>
  );
}
