import { lazy, Suspense, useState } from "react";
import { WindowName } from "../../../contract/agents.ts";
import { tabDeeds } from "../../app/deeds.ts";
import { NoTeamYet } from "../../app/no-team-yet.tsx";
import { usePreferences } from "../../app/preferences.ts";
import { hasTeam, useServer } from "../../servers/store.ts";
import { TabStrip } from "../../terminal/tab-strip.tsx";

const TerminalPair = lazy(() => import("../../app/terminal-pair.tsx").then((part) => ({ default: part.TerminalPair })));

/** All eight windows of the team, one at a time, as large as they go. */
export function TerminalsPage() {
  const view = useServer();
  const active = usePreferences((state) => state.activeTab) ?? "supervisor";
  const [seen, setSeen] = useState<ReadonlySet<WindowName>>(new Set());
  if (!view) return null;
  if (!hasTeam(view)) return <NoTeamYet view={view} />;
  if (!seen.has(active)) setSeen(new Set([...seen, active]));
  return (
    <>
      <h1 className="sr-only">Terminals</h1>
      <TabStrip
        label="Windows of the team"
        tabs={WindowName.options}
        active={active}
        deeds={(tab) => tabDeeds(view.server.id, tab)}
        onSelect={(tab) => usePreferences.setState({ activeTab: tab })}
      />
      <Suspense>
        <TerminalPair
          serverId={view.server.id}
          windows={WindowName.options.filter((window) => seen.has(window))}
          active={active}
        />
      </Suspense>
    </>
  );
}
