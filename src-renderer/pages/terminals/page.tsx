import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { WindowName } from "../../../contract/agents.ts";
import { tabDeeds } from "../../app/deeds.ts";
import { usePreferences } from "../../app/preferences.ts";
import { TeamPage } from "../../app/team-page.tsx";
import { typeInto } from "../../terminal/keyboard.ts";
import { TabStrip } from "../../terminal/tab-strip.tsx";

const TerminalPair = lazy(() => import("../../app/terminal-pair.tsx").then((part) => ({ default: part.TerminalPair })));

/** All eight windows of the team, one at a time, as large as they go. */
export function TerminalsPage() {
  return <TeamPage unread={false}>{({ server }) => <Windows serverId={server.id} />}</TeamPage>;
}

function Windows({ serverId }: { readonly serverId: string }) {
  const active = usePreferences((state) => state.activeTab) ?? "supervisor";
  const [seen, setSeen] = useState<ReadonlySet<WindowName>>(new Set());
  if (!seen.has(active)) setSeen(new Set([...seen, active]));
  // Here is nothing else to type into.
  const typeIntoActive = useEffectEvent(() => typeInto(active));
  useEffect(() => typeIntoActive(), []);
  return (
    <>
      <h1 className="sr-only">Terminals</h1>
      <TabStrip
        label="Windows of the team"
        tabs={WindowName.options}
        active={active}
        deeds={(tab) => tabDeeds(serverId, tab)}
        onSelect={(tab) => {
          typeInto(tab);
          usePreferences.setState({ activeTab: tab });
        }}
      />
      <Suspense>
        <TerminalPair
          serverId={serverId}
          windows={WindowName.options.filter((window) => seen.has(window))}
          active={active}
        />
      </Suspense>
    </>
  );
}
