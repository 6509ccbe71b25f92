import { lazy, Suspense, useEffect } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import { usePhoneLayout, useSheetLayout } from "../ui/use-media.ts";
import { AgentsPage } from "../pages/agents/page.tsx";
import { AuditPage } from "../pages/audit/page.tsx";
import { ChatPage } from "../pages/chat/page.tsx";
import { ServerPage } from "../pages/server/page.tsx";
import { SettingsPage } from "../pages/settings/page.tsx";
import { SnapshotsPage } from "../pages/snapshots/page.tsx";
import { SpendPage } from "../pages/spend/page.tsx";
import { TasksPage } from "../pages/tasks/page.tsx";
import { TerminalsPage } from "../pages/terminals/page.tsx";
import { AuditBanners } from "./audit-banners.tsx";
import { Banners } from "./banners.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { HoldBanners } from "./hold-banners.tsx";
import { usePlace, type Page } from "./navigation.ts";
import { moveSheetBeside, usePreferences, useTerminalsShown } from "./preferences.ts";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";

const TerminalPanel = lazy(() => import("./terminal-panel.tsx").then((part) => ({ default: part.TerminalPanel })));
const TerminalSheet = lazy(() => import("./terminal-panel.tsx").then((part) => ({ default: part.TerminalSheet })));

export function Frame() {
  const phone = usePhoneLayout();
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[44px_minmax(0,1fr)_auto]">
      <TopBar />
      <div className="flex min-h-0">
        {!phone && <Sidebar />}
        <Middle />
      </div>
      {phone && <BottomBar />}
    </div>
  );
}

/** The page, and beside it the terminals. The Terminals page is all terminals, so the panel rests there. */
function Middle() {
  const sheet = useSheetLayout();
  const page = usePlace((place) => place.page);
  const open = useTerminalsShown() && page !== "terminals";
  const layout = usePreferences((state) => state.panelLayout);
  useEffect(() => {
    if (!sheet) moveSheetBeside();
  }, [sheet]);
  return (
    <Group
      className="min-w-0 flex-1"
      {...(layout && { defaultLayout: { ...layout } })}
      onLayoutChanged={(next, { isUserInteraction }) =>
        isUserInteraction && usePreferences.setState({ panelLayout: next })
      }
    >
      <Panel id="page" minSize={sheet ? 0 : 420} className="flex min-w-0 flex-col overflow-hidden!">
        <AuditBanners />
        <Banners />
        <HoldBanners />
        <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <PageView page={page} />
        </main>
      </Panel>
      {open && !sheet && (
        <>
          <Separator
            aria-label="Width of the terminals"
            className="moves w-px bg-line outline-offset-0 hover:bg-accent data-[separator=active]:bg-accent"
          />
          <Panel id="terminals" defaultSize={400} minSize={280} className="flex min-w-0 flex-col overflow-hidden!">
            <Suspense>
              <TerminalPanel />
            </Suspense>
          </Panel>
        </>
      )}
      {open && sheet && (
        <Suspense>
          <TerminalSheet />
        </Suspense>
      )}
    </Group>
  );
}

function PageView({ page }: { readonly page: Page }) {
  switch (page) {
    case "chat":
      return <ChatPage />;
    case "agents":
      return <AgentsPage />;
    case "tasks":
      return <TasksPage />;
    case "terminals":
      return <TerminalsPage />;
    case "snapshots":
      return <SnapshotsPage />;
    case "spend":
      return <SpendPage />;
    case "audit":
      return <AuditPage />;
    case "server":
      return <ServerPage />;
    case "settings":
      return <SettingsPage />;
  }
}
